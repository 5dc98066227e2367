package dev.nearhand.transport.arch;

import com.tngtech.archunit.lang.ArchRule;
import dev.nearhand.testing.arch.GuardedModule;
import java.util.List;
import java.util.function.Function;

class ArchitectureTest extends GuardedModule {
    ArchitectureTest() {
        super("dev.nearhand.transport");
    }

    @Override
    protected List<Guard> guards() {
        return List.of(
                guard("coresKnowNoEdge", Guards::coresKnowNoEdge, "DependsOnEdge"),
                guard("coresUseNoNetty", Guards::coresUseNoNetty, "UsesNetty"),
                guard("coresUseNoBouncyCastle", Guards::coresUseNoBouncyCastle, "UsesBouncyCastle"),
                guard("coresOpenNoSockets", Guards::coresOpenNoSockets, "OpensSocket"),
                guard("coresReadNoClock", Guards::coresReadNoClock, "ReadsClock"),
                guard("coresStartNoThreads", Guards::coresStartNoThreads, "StartsThread"),
                guard("coresDrawNoRandom", Guards::coresDrawNoRandomNumbersOfTheirOwn, "DrawsRandom"),
                guard("coresHaveNoVolatile", Guards::coresHaveNoVolatileFields, "HasVolatile"),
                guard("coresHaveNoSyncMethods", Guards::coresHaveNoSynchronizedMethods, "HasSynchronizedMethod"),
                guard("coresHaveNoSyncBlocks", Guards::coresHaveNoSynchronizedBlocks, "HasSynchronizedBlock"),
                guard("nettyStaysAtItsEdges", Guards::nettyStaysAtItsEdges, "UsesEdgeLibraries"),
                guard("noByteBufLeaves", Guards::noByteBufLeavesTheNettyPackage, "HandsOutByteBuf"),
                guard("bouncyCastleStaysAtItsEdge", Guards::bouncyCastleStaysAtItsEdge, "UsesEdgeLibraries"),
                guard("packagesHaveNoCycles", Guards::packagesHaveNoCycles, "HalfOfCycle"),
                guard("packagesAreNullMarked", Guards::packagesAreNullMarked, "NotNullMarked"));
    }

    private static Guard guard(String name, Function<Guards, ArchRule> rule, String violator) {
        return new Guard(name, root -> rule.apply(new Guards(root)), violator);
    }
}
