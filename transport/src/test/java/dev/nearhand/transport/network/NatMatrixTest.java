package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.net.Nat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every NAT against every NAT, as processes on networks of the kernel: all connect, without the relay wherever that
/// can be.
class NatMatrixTest {
    private static final int AT_A_TIME = 2;

    @TempDir
    private Path folder;

    private record Cell(Nat a, Nat b, long openMillis, String path, boolean direct) {
        @Override
        public String toString() {
            return "%-16s %-16s %6d ms  %-7s %s".formatted(a, b, openMillis, direct ? "direct" : "relayed", path);
        }
    }

    @Test
    void allNinePairsConnectAndOnlyThoseThatMustUseTheRelay() throws Exception {
        List<Callable<Cell>> cells = new ArrayList<>();
        for (Nat a : Nat.values()) {
            for (Nat b : Nat.values()) {
                cells.add(() -> connect(a, b));
            }
        }
        List<Cell> table = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            try {
                for (Future<Cell> cell : cells.stream().map(threads::submit).toList()) {
                    table.add(cell.get());
                }
            } finally {
                threads.shutdownNow(); // the first that fails ends the others
            }
        }
        table.forEach(System.out::println);
        assertThat(table).allSatisfy(cell -> {
            assertThat(cell.direct).isEqualTo(cell.a.reaches(cell.b));
            assertThat(cell.path.contains("relay")).isNotEqualTo(cell.direct);
        });
    }

    private Cell connect(Nat a, Nat b) throws InterruptedException {
        try (LabPair pair = new LabPair(folder.resolve(a + "-" + b), a, b)) {
            pair.start();
            long millis = pair.connect();
            pair.check();
            boolean direct = pair.lab.uplinkA().goesDirectly();
            String path = LabPair.path(pair.left()) + " and " + LabPair.path(pair.right());
            return new Cell(a, b, millis, path, direct);
        }
    }
}
