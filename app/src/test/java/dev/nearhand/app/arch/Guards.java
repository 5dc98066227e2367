package dev.nearhand.app.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;
import dev.nearhand.testing.arch.PackageRules;

/// The rules, for any root package that is laid out like the application: for itself, and for the planted violations.
final class Guards {
    private final String root;

    Guards(String root) {
        this.root = root;
    }

    private String pkg(String name) {
        return root + "." + name + "..";
    }

    ArchRule windowsStayInUi() {
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(pkg("ui"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("javafx..", "atlantafx..", "org.kordamp.."))
                .because("sessions and the command line run on machines without a display");
    }

    ArchRule nothingButTheProgramKnowsTheWindows() {
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(root, pkg("ui"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(pkg("ui")))
                .because("windows stand on sessions, never the other way round");
    }

    ArchRule nettyStaysInRendezvous() {
        return noClasses()
                .that(resideInAnyPackage(root + "..").and(resideOutsideOfPackages(pkg("rendezvous"))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty.."))
                .because("one package has to know how Netty counts its buffers");
    }

    ArchRule noBouncyCastle() {
        return noClasses()
                .that(resideInAnyPackage(root + ".."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.bouncycastle.."))
                .because("keys and certificates are the transport's");
    }

    ArchRule noBytedeco() {
        return noClasses()
                .that(resideInAnyPackage(root + ".."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.bytedeco.."))
                .because("FFmpeg's structures are capture's");
    }

    ArchRule transportIsReachedThroughItsApi() {
        return noClasses()
                .that(resideInAnyPackage(root + ".."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.nearhand.transport..")
                        .and(resideOutsideOfPackages("dev.nearhand.transport.api", "dev.nearhand.transport.signaling")))
                .because("any other program has nothing but what the module exports either");
    }

    ArchRule sessionsKnowNoTransport() {
        return noClasses()
                .that(resideInAnyPackage(pkg("session"), pkg("signaling"), pkg("rendezvous")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.nearhand.transport.."))
                .because("a session is tested, and could be carried, without WebRTC");
    }

    ArchRule packagesHaveNoCycles() {
        return PackageRules.noCycles(root + ".(**)");
    }

    ArchRule packagesAreNullMarked() {
        return PackageRules.nullMarked(root);
    }
}
