package dev.nearhand.app.arch;

import com.tngtech.archunit.lang.ArchRule;
import dev.nearhand.testing.arch.GuardedModule;
import java.util.List;
import java.util.function.Function;

class ArchitectureTest extends GuardedModule {
    ArchitectureTest() {
        super("dev.nearhand.app");
    }

    @Override
    protected List<Guard> guards() {
        return List.of(
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

    private static Guard guard(String name, Function<Guards, ArchRule> rule, String violator) {
        return new Guard(name, root -> rule.apply(new Guards(root)), violator);
    }
}
