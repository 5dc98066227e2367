package dev.nearhand.capture.arch;

import com.tngtech.archunit.lang.ArchRule;
import dev.nearhand.testing.arch.GuardedModule;
import java.util.List;
import java.util.function.Function;

class ArchitectureTest extends GuardedModule {
    ArchitectureTest() {
        super("dev.nearhand.capture");
    }

    @Override
    protected List<Guard> guards() {
        return List.of(
                guard("bytedecoStaysAtItsEdges", Guards::bytedecoStaysAtItsEdges, "UsesBytedeco"),
                guard("nativeCallsStayAtTheirEdges", Guards::nativeCallsStayAtTheirEdges, "CallsNative"),
                guard("platformsAreChosenInOnePlace", Guards::platformsAreChosenInOnePlace, "KnowsPlatform"),
                guard("packagesHaveNoCycles", Guards::packagesHaveNoCycles, "HalfOfCycle"),
                guard("packagesAreNullMarked", Guards::packagesAreNullMarked, "NotNullMarked"));
    }

    private static Guard guard(String name, Function<Guards, ArchRule> rule, String violator) {
        return new Guard(name, root -> rule.apply(new Guards(root)), violator);
    }
}
