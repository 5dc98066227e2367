package dev.nearhand.capture.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import dev.nearhand.testing.arch.PackageRules;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Set;

/// The rules, for any root package that is laid out like capture: for capture itself, and for the planted violations.
final class Guards {
    private static final String[] PLATFORMS = {"..x11..", "..ffmpeg..", "..robot..", "..pattern.."};

    private final String root;

    Guards(String root) {
        this.root = root;
    }

    private String pkg(String name) {
        return root + "." + name + "..";
    }

    ArchRule bytedecoStaysAtItsEdges() {
        return noClasses()
                .that(resideInAnyPackage(root + "..")
                        .and(resideOutsideOfPackages(pkg("codec.ffmpeg"), pkg("screen.ffmpeg"), pkg("recorder"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.bytedeco.."))
                .because("FFmpeg's structures and their lifetimes are to be understood in one place");
    }

    ArchRule nativeCallsStayAtTheirEdges() {
        Set<String> doors = Set.of(Linker.class.getName(), SymbolLookup.class.getName());
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(pkg("x11"), pkg("codec.ffmpeg"))))
                .should()
                .dependOnClassesThat(describe("make native calls", type -> doors.contains(type.getName())))
                .because("a wrong signature of a native function ends the process, not the call");
    }

    ArchRule platformsAreChosenInOnePlace() {
        return noClasses()
                .that(resideInAnyPackage(root + "..")
                        .and(resideOutsideOfPackages(root))
                        .and(resideOutsideOfPackages(PLATFORMS)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(root + "..").and(resideInAnyPackage(PLATFORMS)))
                .because("everything but the choice of a platform is written against its interface");
    }

    ArchRule packagesHaveNoCycles() {
        return PackageRules.noCycles(root + ".(**)");
    }

    ArchRule packagesAreNullMarked() {
        return PackageRules.nullMarked(root);
    }
}
