package dev.nearhand.transport.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.Uplink;
import dev.nearhand.testing.net.Uplink.Blocked;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One side changes its network, or loses it for a while, in the middle of everything. How long the flows need to come
/// back is printed; the bound that fails is a generous one.
class RoamingTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int CHANGES = 4;

    @TempDir
    private Path folder;

    @Test
    void anotherAddressInAnotherNetworkTakesOverFromTheOneThatIsGone() throws InterruptedException {
        changesNetworks("with signaling", true);
    }

    /// The new address is found through the relay that both sides know.
    @Test
    void theNewAddressNeedsNoSignaling() throws InterruptedException {
        changesNetworks("without signaling", false);
    }

    private void changesNetworks(String title, boolean signals) throws InterruptedException {
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.PORT_RESTRICTED, Nat.PORT_RESTRICTED)) {
            Uplink old = pair.lab.uplinkA();
            Uplink next = pair.lab.secondUplinkA();
            pair.start();
            pair.connect();
            pair.check();
            pair.left().signals(signals);
            pair.right().signals(signals);
            List<Long> back = new ArrayList<>();
            for (int i = 0; i < CHANGES; i++) {
                old.disconnect();
                TimeUnit.SECONDS.sleep(1); // on the way from one network to the other
                long before = System.nanoTime();
                next.connect();
                back.add(awaitFlows(pair, before));
                pair.check();
                Uplink left = old;
                old = next;
                next = left;
            }
            report("another address, " + title, back);
        }
    }

    @Test
    void aLinkThatWasDownForTwentySecondsIsUsedAgainAtOnce() throws InterruptedException {
        try (LabPair pair = new LabPair(folder.resolve("lab"), Nat.PORT_RESTRICTED, Nat.PORT_RESTRICTED)) {
            pair.start();
            pair.connect();
            pair.check();
            pair.lab.uplinkA().block(Blocked.EVERYTHING);
            TimeUnit.SECONDS.sleep(20); // the time that the link is down
            long before = System.nanoTime();
            pair.lab.uplinkA().block(Blocked.NOTHING);
            report("link down for 20 s", List.of(awaitFlows(pair, before)));
            pair.check();
        }
    }

    private static long awaitFlows(LabPair pair, long sinceNanos) {
        return Math.max(pair.left().awaitFlows(sinceNanos, BOUND), pair.right().awaitFlows(sinceNanos, BOUND));
    }

    private static void report(String what, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.println(what + ": back after " + millis + " ms, median " + sorted.get(sorted.size() / 2) + " ms");
        assertThat(sorted.getLast()).isLessThan(BOUND.toMillis());
    }
}
