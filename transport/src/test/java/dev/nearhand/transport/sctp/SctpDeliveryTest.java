package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What an association promises about messages, over lines that lose, delay, duplicate and reorder.
class SctpDeliveryTest {
    private static final int SEEDS = 200;

    private static LinkProfile badLine(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            return LinkProfile.rough(random);
        }
        return LinkProfile.perfect()
                .withDelayMillis(1 + random.nextInt(60))
                .withJitterMillis(random.nextInt(20))
                .withLoss(random.nextDouble(0.2))
                .withDuplicate(random.nextDouble(0.05))
                .withReorder(random.nextDouble(0.2));
    }

    /// A message that says which it is: stream, number in its stream, and filling that follows from both.
    private static byte[] numbered(int stream, int number, int length) {
        byte[] message = SctpPair.bytes(stream * 1_000_003L + number, Math.max(8, length));
        ByteBuffer.wrap(message).putInt(stream).putInt(number);
        return message;
    }

    private static void checkFilling(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        assertThat(message).isEqualTo(numbered(in.getInt(), in.getInt(), message.length));
    }

    @Test
    void deliversEveryReliableMessageOnceAndInOrderOverBadLines() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SctpPair pair = new SctpPair(seed, badLine(random)).connected();
            Map<Integer, Integer> next = new HashMap<>();
            int count = 60;
            for (int i = 0; i < count; i++) {
                int stream = random.nextInt(4);
                int number = next.merge(stream, 1, Integer::sum) - 1;
                int length = random.nextInt(10) == 0 ? random.nextInt(60_000) : random.nextInt(1_500);
                boolean unordered = stream == 3;
                assertThat(pair.send(stream, unordered, Reliability.RELIABLE, numbered(stream, number, length)))
                        .isEqualTo(SendResult.ACCEPTED);
                pair.net.runFor(random.nextInt(30) * VirtualPair.MILLI);
            }
            boolean all = pair.net.runUntil(() -> pair.receivedCount() >= count, 300 * VirtualPair.SECOND);
            assertThat(all)
                    .as("seed %d: %s %s", seed, pair.left.stats(), pair.right.stats())
                    .isTrue();
            pair.net.runFor(20 * VirtualPair.SECOND);
            assertInOrder(seed, pair.received(), count);
        }
    }

    private static void assertInOrder(int seed, List<byte[]> received, int count) {
        assertThat(received).as("seed %d", seed).hasSize(count);
        Map<Integer, List<Integer>> byStream = new HashMap<>();
        for (byte[] message : received) {
            checkFilling(message);
            ByteBuffer in = ByteBuffer.wrap(message);
            byStream.computeIfAbsent(in.getInt(), _ -> new ArrayList<>()).add(in.getInt());
        }
        byStream.forEach((stream, numbers) -> {
            if (stream == 3) {
                assertThat(numbers).as("seed %d", seed).doesNotHaveDuplicates();
            } else {
                assertThat(numbers)
                        .as("seed %d stream %d", seed, stream)
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
        });
    }

    @Test
    void neverLetsAbandonedMessagesBlockWhatFollows() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SctpPair pair = new SctpPair(seed, badLine(random)).connected();
            int count = 100;
            for (int i = 0; i < count; i++) {
                Reliability reliability =
                        switch (i % 3) {
                            case 0 -> new Reliability.MaxRetransmits(random.nextInt(3));
                            case 1 -> new Reliability.MaxLifetime(random.nextInt(200));
                            default -> Reliability.RELIABLE;
                        };
                int stream = i % 4;
                int length = random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(1_200);
                pair.send(stream, stream == 3, reliability, numbered(stream, i, length));
                pair.net.runFor(random.nextInt(20) * VirtualPair.MILLI);
            }
            byte[][] last = new byte[4][];
            for (int stream = 0; stream < 4; stream++) {
                last[stream] = numbered(stream, 1_000 + stream, 100);
                pair.send(stream, last[stream]);
            }
            boolean idle = pair.net.runUntil(
                    () -> pair.left.stats().flightBytes() == 0 && pair.left.bufferedBytes() == 0 && hasAll(pair, last),
                    200 * VirtualPair.SECOND);
            assertThat(idle)
                    .as("seed %d: %s %s", seed, pair.left.stats(), pair.right.stats())
                    .isTrue();
            List<byte[]> received = pair.received();
            received.forEach(SctpDeliveryTest::checkFilling);
            assertReliableArrivedInOrder(seed, received, count);
        }
    }

    private static boolean hasAll(SctpPair pair, byte[][] wanted) {
        if (pair.net.right.events.isEmpty()) {
            return false;
        }
        List<byte[]> received = pair.received();
        return Arrays.stream(wanted).allMatch(each -> received.stream().anyMatch(got -> Arrays.equals(got, each)));
    }

    private static void assertReliableArrivedInOrder(int seed, List<byte[]> received, int count) {
        List<Integer> numbers = new ArrayList<>();
        Map<Integer, Integer> newest = new HashMap<>();
        for (byte[] message : received) {
            ByteBuffer in = ByteBuffer.wrap(message);
            int stream = in.getInt();
            int number = in.getInt();
            numbers.add(number);
            if (stream != 3) {
                assertThat(number).as("seed %d stream %d", seed, stream).isGreaterThan(newest.getOrDefault(stream, -1));
                newest.put(stream, number);
            }
        }
        assertThat(numbers).as("seed %d", seed).doesNotHaveDuplicates();
        for (int i = 2; i < count; i += 3) {
            assertThat(numbers).as("seed %d: reliable message", seed).contains(i);
        }
    }

    @Test
    void carriesAMessageOf16MiB() {
        byte[] message = SctpPair.bytes(1, 16 * 1024 * 1024);
        SctpPair pair = new SctpPair(
                        1,
                        LinkProfile.perfect()
                                .withDelayMillis(5)
                                .withJitterMillis(1)
                                .withLoss(0.005)
                                .withDuplicate(0.01)
                                .withReorder(0.01))
                .connected();
        assertThat(pair.send(1, message)).isEqualTo(SendResult.ACCEPTED);
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == 1, 600 * VirtualPair.SECOND))
                .as("%s", pair.left.stats())
                .isTrue();
        assertThat(Arrays.equals(pair.received().getFirst(), message)).isTrue();
    }

    @Test
    void carriesAMessageLargerThanTheReceiveWindow() {
        SctpConfig small = SctpConfig.defaults().withBuffers(64 * 1024, 4 * 1024 * 1024, 4 * 1024 * 1024);
        byte[] message = SctpPair.bytes(1, 2 * 1024 * 1024);
        SctpPair pair = new SctpPair(
                        1,
                        LinkProfile.perfect().withDelayMillis(5).withLoss(0.02).withReorder(0.05),
                        small)
                .connected();
        pair.send(1, message);
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == 1, 600 * VirtualPair.SECOND))
                .as("%s", pair.left.stats())
                .isTrue();
        assertThat(Arrays.equals(pair.received().getFirst(), message)).isTrue();
    }

    @Test
    void refusesMessagesWhenTheSendBufferIsFullAndSaysWhenThereIsRoom() {
        SctpConfig small = SctpConfig.defaults().withBuffers(256 * 1024, 256 * 1024, 64 * 1024);
        SctpPair pair = new SctpPair(1, LinkProfile.perfect(), small).connected();
        pair.left.setBufferedAmountLowThreshold(1, 10_000);
        byte[] message = SctpPair.bytes(1, 32 * 1024);
        int accepted = 0;
        while (pair.left.send(pair.net.now(), 1, false, Reliability.RELIABLE, 53, ByteBuffer.wrap(message))
                == SendResult.ACCEPTED) {
            accepted++;
        }
        assertThat(accepted).isBetween(6, 8);
        assertThat(pair.left.bufferedBytes(1)).isEqualTo(accepted * 32L * 1024);
        assertThat(pair.send(1, SctpPair.bytes(1, 65 * 1024))).isEqualTo(SendResult.MESSAGE_TOO_LARGE);
        int expected = accepted;
        assertThat(pair.net.runUntil(() -> pair.receivedCount() == expected, 10 * VirtualPair.SECOND))
                .isTrue();
        assertThat(pair.net.left.events(SctpEvent.SendBufferAvailable.class)).hasSize(1);
        assertThat(pair.net.left.events(SctpEvent.BufferedAmountLow.class)).hasSize(1);
        assertThat(pair.left.bufferedBytes()).isZero();
    }

    @Test
    void theSameSeedTwiceGivesTheSameTrace() {
        assertThat(trace(7)).isEqualTo(trace(7)).isNotEqualTo(trace(8));
    }

    private static long trace(long seed) {
        SctpPair pair = new SctpPair(seed, badLine(new SplittableRandom(seed))).connected();
        for (int i = 0; i < 50; i++) {
            pair.send(i % 3, i % 3 == 2, new Reliability.MaxRetransmits(i % 2), SctpPair.bytes(i, 2_000));
            pair.net.runFor(10 * VirtualPair.MILLI);
        }
        pair.net.runFor(30 * VirtualPair.SECOND);
        return pair.net.trace();
    }

    @Test
    void doesNotForwardTsnsWhenNothingIsLost() {
        SctpPair pair = new SctpPair(1, LinkProfile.perfect()).connected();
        for (int i = 0; i < 500; i++) {
            pair.send(1, true, new Reliability.MaxRetransmits(0), SctpPair.bytes(i, 100));
            pair.net.runFor(10 * VirtualPair.MILLI);
        }
        assertThat(pair.receivedCount()).isEqualTo(500);
        // case 30: fewer than two a second
        assertThat(pair.left.stats().forwardTsnsSent()).isZero();
    }
}
