package dev.nearhand.app.arch;

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
    private static final JavaClasses APP = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.nearhand.app");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("dev.nearhand.planted");

    static Stream<Arguments> guards() {
        return Stream.of(
                guard("windowsStayInUi", Guards::windowsStayInUi, "OpensWindow"),
                guard("nothingButTheProgramKnowsTheWindows", Guards::nothingButTheProgramKnowsTheWindows, "KnowsUi"),
                guard("nettyStaysInRendezvous", Guards::nettyStaysInRendezvous, "UsesNetty"),
                guard("noBouncyCastle", Guards::noBouncyCastle, "UsesBouncyCastle"),
                guard("noBytedeco", Guards::noBytedeco, "UsesBytedeco"),
                guard("transportIsReachedThroughItsApi", Guards::transportIsReachedThroughItsApi, "LooksInside"),
                guard("sessionsKnowNoTransport", Guards::sessionsKnowNoTransport, "LooksInside"),
                guard("packagesHaveNoCycles", Guards::packagesHaveNoCycles, "HalfOfCycle"),
                guard("packagesAreNullMarked", Guards::packagesAreNullMarked, "NotNullMarked"));
    }

    private static Arguments guard(String name, Function<Guards, ArchRule> rule, String violator) {
        return Arguments.of(name, rule, violator);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guards")
    void appKeeps(String name, Function<Guards, ArchRule> rule, String violator) {
        rule.apply(new Guards("dev.nearhand.app")).check(APP);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guards")
    void aPlantedViolationIsFound(String name, Function<Guards, ArchRule> rule, String violator) {
        EvaluationResult result = rule.apply(new Guards("dev.nearhand.planted")).evaluate(PLANTED);
        assertThat(result.hasViolation()).as("%s finds nothing", name).isTrue();
        assertThat(result.getFailureReport().toString()).contains(violator);
    }
}
