package dev.nearhand.capture.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final JavaClasses CAPTURE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.nearhand.capture");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("dev.nearhand.planted");

    static Stream<Arguments> guards() {
        return Stream.of(
                guard("bytedecoStaysAtItsEdges", Guards::bytedecoStaysAtItsEdges, "UsesBytedeco"),
                guard("nativeCallsStayAtTheirEdges", Guards::nativeCallsStayAtTheirEdges, "CallsNative"),
                guard("platformsAreChosenInOnePlace", Guards::platformsAreChosenInOnePlace, "KnowsPlatform"),
                guard("packagesHaveNoCycles", Guards::packagesHaveNoCycles, "HalfOfCycle"),
                guard("packagesAreNullMarked", Guards::packagesAreNullMarked, "NotNullMarked"));
    }

    private static Arguments guard(String name, Function<Guards, ArchRule> rule, String violator) {
        return Arguments.of(name, rule, violator);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guards")
    void captureKeeps(String name, Function<Guards, ArchRule> rule, String violator) {
        rule.apply(new Guards("dev.nearhand.capture")).check(CAPTURE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guards")
    void aPlantedViolationIsFound(String name, Function<Guards, ArchRule> rule, String violator) {
        EvaluationResult result = rule.apply(new Guards("dev.nearhand.planted")).evaluate(PLANTED);
        assertThat(result.hasViolation()).as("%s finds nothing", name).isTrue();
        assertThat(result.getFailureReport().toString()).contains(violator);
    }
}
