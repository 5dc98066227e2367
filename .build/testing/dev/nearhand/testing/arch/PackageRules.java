package dev.nearhand.testing.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/// The rules for packages that hold in every module.
public final class PackageRules {
    private PackageRules() {}

    /// @param slices which classes count as one, as ArchUnit writes it: `root.(**)` for each package by itself
    public static ArchRule noCycles(String slices) {
        return slices().matching(slices)
                .should()
                .beFreeOfCycles()
                .because("a package that can be understood, tested and replaced alone is what packages are for");
    }

    public static ArchRule nullMarked(String root) {
        return classes()
                .that(resideInAnyPackage(root + ".."))
                .should(resideInNullMarkedPackage())
                .because("no null crosses a public method, and NullAway looks at marked packages only");
    }

    private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
        return new ArchCondition<>("reside in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getPackageName() + " holds " + type.getName()));
            }
        };
    }
}
