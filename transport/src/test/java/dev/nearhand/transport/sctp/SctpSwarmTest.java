package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Issue 4, point 6: associations over lines of every kind, from 64 kbit/s to 1 Gbit/s, round trips to 600 ms, loss to
/// a fifth, reordering. Nothing is lost, nothing comes twice, and while there is something to send, something arrives
/// within four retransmission timeouts.
///
/// A few seeds in each build; `-Dsctp.swarm.seeds=2000` for all, `-Dsctp.swarm.first` for the one that failed.
class SctpSwarmTest {
    private static final int SEEDS = Integer.getInteger("sctp.swarm.seeds", 60);
    private static final int FIRST = Integer.getInteger("sctp.swarm.first", 0);
    private static final int MESSAGES = 60;
    private static final int STALL_TIMEOUTS = 4;

    private static LinkProfile line(SplittableRandom random) {
        long rate = (long) (64_000 * Math.pow(1_000_000_000.0 / 64_000, random.nextDouble()));
        double rttMillis = 1 + 599 * random.nextDouble() * random.nextDouble();
        int queueBytes = (int) Math.clamp(rate / 8.0 * (0.02 + random.nextDouble() * 0.3), 8_000, 4 << 20);
        double loss = random.nextInt(4) == 0 ? 0 : 0.2 * random.nextDouble() * random.nextDouble();
        return LinkProfile.perfect()
                .withDelayMillis(rttMillis / 2)
                .withJitterMillis(random.nextInt(2) * random.nextDouble() * rttMillis / 8)
                .withLoss(loss)
                .withReorder(random.nextInt(2) * random.nextDouble() * 0.1)
                .withDuplicate(random.nextInt(2) * random.nextDouble() * 0.02)
                .withRate(rate, queueBytes);
    }

    @Test
    void nothingIsLostNothingComesTwiceAndNothingStalls() {
        for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LinkProfile line = line(random);
        SctpConfig config = SctpConfig.defaults()
                .withInterleaving(seed % 2 == 0)
                .withCongestion(seed % 5 == 0 ? SctpConfig.Congestion.CUBIC : SctpConfig.Congestion.BBR);
        SctpPair pair = new SctpPair(seed, line, config).connected();
        List<Integer> numbers = new ArrayList<>();
        pair.net.right.onEvent = event -> {
            if (event instanceof SctpEvent.MessageReceived got) {
                numbers.add(got.message().getInt(got.message().position()));
            }
        };
        int most = (int) Math.min(100_000, line.rateBitsPerSecond() / 8 / 4);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = new byte[4 + random.nextInt(random.nextInt(6) == 0 ? most : 1_200)];
            ByteBuffer.wrap(message).putInt(i);
            assertThat(pair.send(i % 3, i % 3 == 2, Reliability.RELIABLE, message))
                    .isEqualTo(SendResult.ACCEPTED);
            if (random.nextInt(4) == 0) {
                pair.net.runFor(random.nextInt(100) * VirtualPair.MILLI);
            }
        }
        while (numbers.size() < MESSAGES) {
            long chunks = pair.right.stats().dataChunksReceived();
            long patience = STALL_TIMEOUTS * timeoutNanos(pair, line);
            boolean moved = pair.net.runUntil(
                    () -> pair.right.stats().dataChunksReceived() > chunks || numbers.size() == MESSAGES, patience);
            assertThat(moved)
                    .as("seed %d stalls for %d ms on %s: %s", seed, patience / 1_000_000, line, pair.left.stats())
                    .isTrue();
        }
        pair.net.runFor(20 * VirtualPair.SECOND);
        assertThat(numbers).as("seed %d", seed).hasSize(MESSAGES).doesNotHaveDuplicates();
        for (int stream = 0; stream < 2; stream++) {
            int each = stream;
            assertThat(numbers.stream().filter(number -> number % 3 == each).toList())
                    .as("seed %d, stream %d", seed, stream)
                    .isSorted();
        }
        assertThat(pair.left.state()).as("seed %d", seed).isEqualTo(SctpState.ESTABLISHED);
    }

    /// What a retransmission timeout can come to on the line: the queue counts, and the doubling after one that was
    /// lost.
    private static long timeoutNanos(SctpPair pair, LinkProfile line) {
        long queue = (long) (line.queueLimitBytes() * 8e9 / line.rateBitsPerSecond());
        long longest = 2 * (line.delayNanos() + line.jitterNanos() + queue);
        return 2
                * Math.max(
                        Math.max(RetransmissionTimeout.INITIAL_NANOS, longest),
                        2 * pair.left.stats().smoothedRttNanos());
    }
}
