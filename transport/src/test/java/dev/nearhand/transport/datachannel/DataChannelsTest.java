package dev.nearhand.transport.datachannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.datachannel.DataChannelEvent.AssociationClosed;
import dev.nearhand.transport.datachannel.DataChannelEvent.BufferedAmountLow;
import dev.nearhand.transport.datachannel.DataChannelEvent.Closed;
import dev.nearhand.transport.datachannel.DataChannelEvent.Closing;
import dev.nearhand.transport.datachannel.DataChannelEvent.Message;
import dev.nearhand.transport.datachannel.DataChannelEvent.Opened;
import dev.nearhand.transport.sctp.Reliability;
import dev.nearhand.transport.sctp.SctpConfig;
import dev.nearhand.transport.sctp.SctpState;
import dev.nearhand.transport.sctp.SendResult;
import dev.nearhand.transport.sctp.VirtualPair;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DataChannelsTest {
    private static final LinkProfile LOSSY = LinkProfile.perfect()
            .withDelayMillis(10)
            .withJitterMillis(5)
            .withLoss(0.1)
            .withDuplicate(0.02)
            .withReorder(0.1);

    @Test
    void aChannelOpenedBeforeTheConnectionIsAnnouncedWithAllItsProperties() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect());
        DataChannelConfig config = new DataChannelConfig(
                "Zürich 漢字", "proto", false, new Reliability.MaxRetransmits(3), 512, OptionalInt.empty());
        int channel = pair.open(config);
        pair.started().runFor(100);
        assertThat(pair.atLeft(Opened.class)).containsExactly(new Opened(channel, 0, config, false));
        assertThat(pair.atRight(Opened.class)).hasSize(1);
        Opened remote = pair.atRight(Opened.class).getFirst();
        assertThat(remote.remote()).isTrue();
        assertThat(remote.config()).isEqualTo(config);
    }

    @Test
    void theDtlsClientTakesEvenStreamsAndTheServerOddOnes() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect()).started();
        pair.runFor(50);
        pair.net.left.run(() -> pair.left.open(pair.net.now(), DataChannelConfig.reliable("a")));
        pair.net.left.run(() -> pair.left.open(pair.net.now(), DataChannelConfig.reliable("b")));
        pair.net.right.run(() -> pair.right.open(pair.net.now(), DataChannelConfig.reliable("c")));
        pair.runFor(50);
        assertThat(pair.atLeft(Opened.class)).extracting(Opened::streamId).containsExactly(0, 2, 1);
        assertThat(pair.atRight(Opened.class)).extracting(Opened::streamId).containsExactly(1, 0, 2);
    }

    @Test
    void carriesTextBytesAndEmptyMessagesBothWays() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect()).started();
        int channel = pair.open(DataChannelConfig.reliable("chat"));
        pair.net.right.onEvent = event -> {
            if (event instanceof Message message) {
                pair.net.right.run(() -> {
                    if (message.text()) {
                        pair.right.sendText(
                                pair.net.now(),
                                message.channel(),
                                ChannelPair.texts(List.of(message)).getFirst());
                    } else {
                        pair.right.sendBinary(pair.net.now(), message.channel(), message.data());
                    }
                });
            }
        };
        pair.runFor(50);
        assertThat(pair.sendText(channel, "Grüße, 漢字 😀")).isEqualTo(SendResult.ACCEPTED);
        assertThat(pair.sendText(channel, "")).isEqualTo(SendResult.ACCEPTED);
        pair.net.left.run(() -> pair.left.sendBinary(pair.net.now(), channel, ByteBuffer.allocate(0)));
        pair.net.left.run(() -> pair.left.sendBinary(pair.net.now(), channel, ByteBuffer.wrap(new byte[] {1, 2})));
        pair.runFor(500);
        List<Message> echoed = pair.atLeft(Message.class);
        assertThat(echoed).extracting(Message::text).containsExactly(true, true, false, false);
        assertThat(echoed).extracting(message -> message.data().remaining()).containsExactly(20, 0, 0, 2);
        assertThat(ChannelPair.texts(echoed).getFirst()).isEqualTo("Grüße, 漢字 😀");
    }

    @Test
    void negotiatedChannelsUseTheirIdWithoutAnnouncement() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect());
        DataChannelConfig config = new DataChannelConfig(
                "n", "", true, Reliability.RELIABLE, DataChannelConfig.PRIORITY_NORMAL, OptionalInt.of(7));
        int left = pair.open(config);
        int right = pair.right.open(0, config);
        assertThatThrownBy(() -> pair.left.open(0, config)).isInstanceOf(IllegalArgumentException.class);
        pair.started().runFor(50);
        pair.sendText(left, "hi");
        pair.runFor(50);
        assertThat(pair.atRight(Opened.class)).containsExactly(new Opened(right, 7, config, false));
        assertThat(ChannelPair.texts(pair.atRight(Message.class))).containsExactly("hi");
    }

    @Test
    void closingDeliversWhatIsQueuedAndEndsOnBothSides() {
        for (int seed = 0; seed < 100; seed++) {
            ChannelPair pair = new ChannelPair(seed, LOSSY).started();
            int channel = pair.open(DataChannelConfig.reliable("x"));
            pair.awaitOpen();
            String large = "x".repeat(100_000);
            assertThat(pair.sendText(channel, large)).isEqualTo(SendResult.ACCEPTED);
            pair.net.left.run(() -> pair.left.close(pair.net.now(), channel));
            assertThat(pair.sendText(channel, "late")).isEqualTo(SendResult.NOT_OPEN);
            boolean both = pair.net.runUntil(
                    () -> !pair.atLeft(Closed.class).isEmpty()
                            && !pair.atRight(Closed.class).isEmpty(),
                    120 * VirtualPair.SECOND);
            assertThat(both).as("seed %d %s", seed, pair.left.stats()).isTrue();
            assertThat(pair.atRight(Closing.class)).hasSize(1);
            assertThat(ChannelPair.texts(pair.atRight(Message.class)))
                    .as("seed %d", seed)
                    .containsExactly(large);
        }
    }

    @Test
    void aStreamIsUsedAgainAfterItsChannelIsClosed() {
        for (int seed = 0; seed < 50; seed++) {
            ChannelPair pair = new ChannelPair(seed, LOSSY).started();
            pair.awaitEstablished();
            List<String> expected = new ArrayList<>();
            for (int round = 0; round < 4; round++) {
                int channel = pair.open(DataChannelConfig.reliable("round " + round));
                pair.sendText(channel, "message " + round);
                expected.add("message " + round);
                pair.runFor(10);
                pair.net.left.run(() -> pair.left.close(pair.net.now(), channel));
                int closed = round + 1;
                assertThat(pair.net.runUntil(
                                () -> pair.atLeft(Closed.class).size() == closed, 120 * VirtualPair.SECOND))
                        .as("seed %d round %d", seed, round)
                        .isTrue();
            }
            pair.runFor(60_000);
            assertThat(ChannelPair.texts(pair.atRight(Message.class)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(pair.atLeft(Opened.class)).extracting(Opened::streamId).containsOnly(0);
            assertThat(pair.atRight(Closed.class)).as("seed %d", seed).hasSize(4);
        }
    }

    @Test
    void bothSidesMayCloseAtTheSameTime() {
        for (int seed = 0; seed < 50; seed++) {
            ChannelPair pair = new ChannelPair(seed, LOSSY).started();
            int channel = pair.open(DataChannelConfig.reliable("x"));
            pair.net.runUntil(() -> !pair.atRight(Opened.class).isEmpty(), 60 * VirtualPair.SECOND);
            int remote = pair.atRight(Opened.class).getFirst().channel();
            pair.net.left.run(() -> pair.left.close(pair.net.now(), channel));
            pair.net.right.run(() -> pair.right.close(pair.net.now(), remote));
            pair.runFor(60_000);
            assertThat(pair.atLeft(Closed.class)).as("seed %d", seed).hasSize(1);
            assertThat(pair.atRight(Closed.class)).as("seed %d", seed).hasSize(1);
        }
    }

    @Test
    void manyChannelsOpenAndCloseOverABadLine() {
        for (int seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ChannelPair pair = new ChannelPair(seed, LOSSY).started();
            for (int i = 0; i < 40; i++) {
                boolean fromLeft = random.nextBoolean();
                DataChannels side = fromLeft ? pair.left : pair.right;
                VirtualPair<DataChannelEvent>.End end = fromLeft ? pair.net.left : pair.net.right;
                end.run(() -> side.open(pair.net.now(), DataChannelConfig.reliable("c")));
                pair.runFor(random.nextInt(40));
            }
            pair.net.runUntil(() -> pair.atLeft(Opened.class).size() == 40, 60 * VirtualPair.SECOND);
            for (Opened opened : List.copyOf(pair.atLeft(Opened.class))) {
                pair.net.left.run(() -> pair.left.close(pair.net.now(), opened.channel()));
                pair.runFor(random.nextInt(20));
            }
            pair.runFor(120_000);
            assertThat(pair.atLeft(Closed.class)).as("seed %d", seed).hasSize(40);
            assertThat(pair.atRight(Closed.class)).as("seed %d", seed).hasSize(40);
        }
    }

    @Test
    void theBufferedAmountFallsAndIsReported() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect().withDelayMillis(20)).started();
        int channel = pair.open(DataChannelConfig.reliable("x"));
        pair.runFor(200);
        pair.left.setBufferedAmountLowThreshold(channel, 1_000);
        pair.sendText(channel, "x".repeat(60_000));
        assertThat(pair.left.bufferedAmount(channel)).isGreaterThan(40_000);
        pair.runFor(5_000);
        assertThat(pair.left.bufferedAmount(channel)).isZero();
        assertThat(pair.atLeft(BufferedAmountLow.class)).containsExactly(new BufferedAmountLow(channel));
    }

    @Test
    void aFullSendBufferRefusesUntilItHasRoom() {
        SctpConfig small = SctpConfig.defaults().withBuffers(64 * 1024, 100_000, 50_000);
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect(), small).started();
        int channel = pair.open(DataChannelConfig.reliable("x"));
        pair.runFor(100);
        String text = "x".repeat(40_000);
        assertThat(pair.left.sendText(pair.net.now(), channel, text)).isEqualTo(SendResult.ACCEPTED);
        assertThat(pair.left.sendText(pair.net.now(), channel, text)).isEqualTo(SendResult.ACCEPTED);
        assertThat(pair.left.sendText(pair.net.now(), channel, text)).isEqualTo(SendResult.BUFFER_FULL);
        pair.net.left.run(() -> {});
        pair.runFor(5_000);
        assertThat(pair.atLeft(DataChannelEvent.SendBufferAvailable.class)).hasSize(1);
        assertThat(pair.atRight(Message.class)).hasSize(2);
    }

    @Test
    void shutdownDeliversEverythingAndClosesEveryChannelOnBothSides() {
        for (int seed = 0; seed < 50; seed++) {
            ChannelPair pair = new ChannelPair(seed, LOSSY).started();
            int channel = pair.open(DataChannelConfig.reliable("x"));
            pair.awaitOpen();
            pair.sendText(channel, "y".repeat(200_000));
            pair.net.left.run(() -> pair.left.shutdown(pair.net.now()));
            pair.runFor(300_000);
            assertThat(pair.atRight(Message.class)).as("seed %d", seed).hasSize(1);
            assertThat(pair.atLeft(Closed.class)).hasSize(1);
            assertThat(pair.atRight(Closed.class)).hasSize(1);
            assertThat(pair.atRight(AssociationClosed.class)).hasSize(1);
            assertThat(pair.atLeft(AssociationClosed.class))
                    .extracting(AssociationClosed::clean)
                    .containsExactly(true);
        }
    }

    @Test
    void abortClosesEveryChannelAtOnce() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect()).started();
        pair.open(DataChannelConfig.reliable("x"));
        pair.runFor(100);
        pair.net.left.run(() -> pair.left.abort(pair.net.now(), "enough"));
        pair.runFor(10);
        assertThat(pair.atLeft(Closed.class)).hasSize(1);
        assertThat(pair.atRight(Closed.class)).hasSize(1);
        assertThat(pair.atRight(AssociationClosed.class))
                .extracting(AssociationClosed::clean)
                .containsExactly(false);
    }

    @Test
    void aChannelClosedBeforeTheConnectionIsNeverAnnounced() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect());
        int channel = pair.open(DataChannelConfig.reliable("x"));
        pair.net.left.run(() -> pair.left.close(0, channel));
        pair.started().runFor(100);
        assertThat(pair.atLeft(Closed.class)).hasSize(1);
        assertThat(pair.atRight(Opened.class)).isEmpty();
    }

    @Test
    void case29OneZeroByteUnderTheNameOfTheEmptyMessageIsAnEmptyMessage() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect()).started();
        pair.open(DataChannelConfig.reliable("x"));
        pair.runFor(100);
        for (int ppid : new int[] {56, 57, 51, 53, 99}) {
            pair.net.left.run(() -> pair.leftAssociation.send(
                    pair.net.now(), 0, false, Reliability.RELIABLE, ppid, ByteBuffer.allocate(1)));
        }
        pair.runFor(100);
        List<Message> received = pair.atRight(Message.class);
        assertThat(received).extracting(message -> message.data().remaining()).containsExactly(0, 0, 1, 1);
        assertThat(received).extracting(Message::text).containsExactly(true, false, true, false);
        assertThat(pair.right.ignoredMessages()).isEqualTo(1);
    }

    @Test
    void messagesOnStreamsWithoutAChannelAndBrokenAnnouncementsAreIgnored() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect()).started();
        pair.runFor(100);
        for (int ppid : new int[] {50, 51, 53}) {
            pair.net.left.run(() -> pair.leftAssociation.send(
                    pair.net.now(), 9, false, Reliability.RELIABLE, ppid, ByteBuffer.allocate(20)));
        }
        pair.runFor(100);
        assertThat(pair.right.ignoredMessages()).isEqualTo(3);
        assertThat(pair.atRight(Opened.class)).isEmpty();
    }

    @Test
    void aPeerThatOpensWithoutEndIsStoppedAtTheLimit() {
        ChannelPair pair = new ChannelPair(1, LinkProfile.perfect()).started();
        pair.runFor(100);
        ByteBuffer open = new DcepMessage.Open(DataChannelConfig.reliable("again")).toBytes();
        for (int stream = 0; stream < ChannelTable.LIMIT + 50; stream++) {
            int id = stream;
            pair.net.left.run(() -> pair.leftAssociation.send(
                    pair.net.now(), id, false, Reliability.RELIABLE, PayloadProtocol.DCEP, open));
        }
        pair.runFor(10_000);
        assertThat(pair.atRight(Opened.class)).hasSize(ChannelTable.LIMIT);
        assertThat(pair.right.associationState()).isEqualTo(SctpState.ESTABLISHED);
    }
}
