package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NetworkLab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
            boolean direct = goesDirectly(pair.lab);
            String path = LabPair.path(pair.left()) + " and " + LabPair.path(pair.right());
            return new Cell(a, b, millis, path, direct);
        }
    }

    /// Whether the busy flows of the connection leave for the other NAT, not for the server. A relayed path may hold
    /// for some seconds before a direct one takes over.
    private static boolean goesDirectly(NetworkLab lab) throws InterruptedException {
        long[] packets = new long[6];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = lab.uplinkA().directPackets();
            if (i > 0 && packets[i] - packets[i - 1] > 50) {
                return true;
            }
            TimeUnit.SECONDS.sleep(1); // the measurement itself: how much leaves within a second
        }
        System.out.println("direct packets, second by second: " + Arrays.toString(packets));
        return false;
    }
}
