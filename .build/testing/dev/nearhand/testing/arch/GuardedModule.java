package dev.nearhand.testing.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The architecture test of a module: every guard holds for the module, and finds the violation that was planted for
/// it in `dev.nearhand.planted`.
public abstract class GuardedModule {
    private static final String PLANTED = "dev.nearhand.planted";

    /// A rule, for any root package that is laid out like the module.
    ///
    /// @param rule from the root package
    /// @param violator the planted class that it has to name
    public record Guard(String name, Function<String, ArchRule> rule, String violator) {}

    private final String root;

    /// @param root the module's package
    protected GuardedModule(String root) {
        this.root = root;
    }

    protected abstract List<Guard> guards();

    @TestFactory
    Stream<DynamicTest> theModuleKeeps() {
        JavaClasses module = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(root);
        return guards().stream()
                .map(guard -> DynamicTest.dynamicTest(
                        guard.name(), () -> guard.rule().apply(root).check(module)));
    }

    @TestFactory
    Stream<DynamicTest> aPlantedViolationIsFound() {
        JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);
        return guards().stream()
                .map(guard -> DynamicTest.dynamicTest(guard.name(), () -> {
                    EvaluationResult result = guard.rule().apply(PLANTED).evaluate(planted);
                    assertThat(result.hasViolation())
                            .as("%s finds nothing", guard.name())
                            .isTrue();
                    assertThat(result.getFailureReport().toString()).contains(guard.violator());
                }));
    }
}
