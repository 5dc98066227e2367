package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.Uplink;
import dev.nearhand.testing.net.Uplink.Blocked;
import dev.nearhand.transport.api.IceServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One side has two ways into the internet at once, and the one that is in use dies without a word. Nothing can be
/// signaled and no relay is known, so only a pair that was kept working can carry on. How long the flows pause is
/// printed; the bound that fails is a generous one.
class FailoverTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    /// A pair that has died and works again is asked once more within this time.
    private static final int WARMING_SECONDS = 22;

    /// There and back: the second cut finds a pair that had died before.
    private static final int CUTS = Integer.getInteger("nearhand.test.cuts", 2);

    @TempDir
    private Path folder;

    @Test
    void theOtherInterfaceTakesOver() throws InterruptedException {
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.PORT_RESTRICTED, Nat.PORT_RESTRICTED)) {
            Uplink first = pair.lab.uplinkA();
            Uplink second = pair.lab.secondUplinkA();
            second.connectBeside();
            List<IceServer> stun = List.of(pair.servers().getFirst());
            pair.start(stun, stun);
            pair.connect();
            pair.check();
            pair.left().signals(false);
            pair.right().signals(false);
            List<Long> back = new ArrayList<>();
            for (int cut = 0; cut < CUTS; cut++) {
                TimeUnit.SECONDS.sleep(WARMING_SECONDS);
                Uplink used = first.goesDirectly() ? first : second;
                long before = System.nanoTime();
                used.block(Blocked.EVERYTHING);
                back.add(Math.max(
                        pair.left().awaitFlows(before, BOUND), pair.right().awaitFlows(before, BOUND)));
                pair.check();
                assertThat((used.equals(first) ? second : first).goesDirectly())
                        .as("the other one is used now")
                        .isTrue();
                used.block(Blocked.NOTHING);
            }
            List<Long> sorted = back.stream().sorted().toList();
            System.out.println("the uplink in use is cut: all flows back after " + back + " ms, median "
                    + sorted.get(sorted.size() / 2) + " ms");
            assertThat(sorted.getLast()).isLessThan(BOUND.toMillis());
        }
    }
}
