package dev.nearhand.transport.rtp;

import static dev.nearhand.transport.rtp.SessionPair.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.rtcp.RtcpPacket;
import dev.nearhand.transport.rtcp.RtcpReader;
import dev.nearhand.transport.rtcp.RtcpWriter;
import dev.nearhand.transport.rtp.SessionPair.Link;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtpSessionTest {
    private static final long SECOND = 1_000 * MILLI;

    /// A stream from the left end to the right one, whose encoder makes a key frame when it is asked to.
    private static final class Stream {
        final SessionPair pair;
        final int sender;
        final int receiver;
        final Random random = new Random(99);
        final Map<Long, byte[]> sent = new HashMap<>();
        long timestamp = 0xFFFF_F000L;
        boolean keyframe = true;
        long requestsSeen;
        int keyframeBytes = 40_000;
        int frameBytes = 6_000;

        Stream(SessionPair pair) {
            this.pair = pair;
            this.sender = pair.left.session.addSender(SessionPair.senderConfig());
            this.receiver = pair.right.session.addReceiver(SessionPair.receiverConfig());
        }

        void send() {
            if (pair.left.keyframeRequests() > requestsSeen) {
                requestsSeen = pair.left.keyframeRequests();
                keyframe = true;
            }
            byte[] frame = Frames.frame(random, keyframe, 1 + random.nextInt(keyframe ? keyframeBytes : frameBytes));
            keyframe = false;
            timestamp = timestamp + 3_000 & 0xFFFF_FFFFL;
            sent.put(timestamp, frame);
            pair.left.session.sendFrame(pair.now, sender, ByteBuffer.wrap(frame), timestamp);
            pair.settle();
        }

        void send(int frames, long everyNanos) {
            for (int i = 0; i < frames; i++) {
                send();
                pair.runFor(everyNanos);
            }
        }

        /// Bit-exact, in order, none twice, and each one decodable after those before it.
        void check() {
            long last = Long.MIN_VALUE;
            long lastIndex = Long.MIN_VALUE;
            List<Long> order = sent.keySet().stream()
                    .sorted((a, b) -> Integer.compare((int) (a - 0xFFFF_F000L), (int) (b - 0xFFFF_F000L)))
                    .toList();
            for (RtpEvent.FrameReceived frame : pair.right.frames()) {
                assertThat(frame.receiver()).isEqualTo(receiver);
                assertThat(frame.frame()).isEqualTo(ByteBuffer.wrap(sent.get(frame.rtpTimestamp())));
                long index = order.indexOf(frame.rtpTimestamp());
                assertThat(index).isGreaterThan(lastIndex);
                assertThat(frame.keyframe() || index == lastIndex + 1).isTrue();
                assertThat(frame.rtpTimestamp()).isNotEqualTo(last);
                last = frame.rtpTimestamp();
                lastIndex = index;
            }
        }

        int received() {
            return pair.right.frames().size();
        }

        long lastReceived() {
            return pair.right.frames().getLast().rtpTimestamp();
        }
    }

    @Test
    void onAPerfectLinkEveryFrameArrivesAfterOneDelayAndNothingIsAskedFor() {
        SessionPair pair = new SessionPair(1, Link.perfect());
        Stream stream = new Stream(pair);
        for (int i = 1; i <= 200; i++) {
            stream.send();
            pair.runFor(20 * MILLI);
            assertThat(stream.received()).isEqualTo(i);
            pair.runFor(13 * MILLI);
        }
        stream.check();
        assertThat(pair.left.keyframeRequests()).isZero();
        RtpStats.Receiver stats = pair.right.session.stats().receivers().getFirst();
        assertThat(stats.nacksSent()).isZero();
        assertThat(stats.plisSent()).isZero();
        assertThat(stats.packetsLost()).isZero();
    }

    @Test
    void aSmallFrameLeavesAndArrivesWithoutAnyTimer() {
        SessionPair pair = new SessionPair(2, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send();
        pair.runFor(50 * MILLI);
        long before = pair.left.rtpSent;
        stream.send();
        assertThat(pair.left.rtpSent).isGreaterThan(before);
        pair.runFor(MILLI);
        assertThat(stream.received()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nackRepairsEverythingAtFiveToTenPercentLossWithReorderingAndDuplicates(long seed) {
        double loss = 0.05 + 0.0025 * seed;
        SessionPair pair = new SessionPair(seed, new Link(loss, 0.05, 10 * MILLI, 8 * MILLI));
        Stream stream = new Stream(pair);

        stream.send(150, 33 * MILLI);
        pair.runFor(2 * SECOND);

        stream.check();
        assertThat(stream.lastReceived()).isEqualTo(stream.timestamp);
        assertThat(stream.received()).isEqualTo(150);
        assertThat(pair.left.keyframeRequests()).isZero();
        assertThat(pair.right.session.stats().receivers().getFirst().packetsRepaired())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void underHeavyLossAKeyframeIsAskedForAndTheStreamRecovers(long seed) {
        SessionPair pair = new SessionPair(seed, new Link(0.5, 0.1, 20 * MILLI, 30 * MILLI));
        Stream stream = new Stream(pair);
        stream.send(120, 33 * MILLI);
        pair.link = new Link(0, 0, 20 * MILLI, 0);
        int before = stream.received();

        stream.send(60, 33 * MILLI);
        pair.runFor(2 * SECOND);

        stream.check();
        assertThat(pair.left.keyframeRequests()).isPositive();
        assertThat(stream.received()).isGreaterThan(before);
        assertThat(stream.lastReceived()).isEqualTo(stream.timestamp);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void onAnyLinkWhatIsDeliveredIsRightAndItRecoversWhenTheLinkDoes(@ForAll long seed) {
        Random random = new Random(seed);
        Link bad = new Link(
                random.nextDouble() * 0.7,
                random.nextDouble() * 0.3,
                MILLI + random.nextLong(150 * MILLI),
                1 + random.nextLong(100 * MILLI));
        SessionPair pair = new SessionPair(seed & 0x7FFF_FFFF, bad);
        Stream stream = new Stream(pair);
        stream.frameBytes = 1 + random.nextInt(30_000);
        stream.keyframeBytes = 1 + random.nextInt(200_000);
        stream.send(60, 1 + random.nextLong(60 * MILLI));
        pair.link = new Link(0, 0, bad.delayNanos(), 0);

        stream.send(90, 33 * MILLI);
        pair.runFor(2 * SECOND);

        stream.check();
        assertThat(stream.lastReceived()).isEqualTo(stream.timestamp);
    }

    @Test
    void afterABlackoutTheStreamGoesOnAtAKeyframeWithinASecond() {
        SessionPair pair = new SessionPair(4, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(30, 33 * MILLI);
        pair.link = new Link(1, 0, MILLI, 0);
        stream.send(200, 33 * MILLI);
        pair.link = Link.perfect();
        int before = stream.received();

        stream.send(30, 33 * MILLI);

        stream.check();
        assertThat(stream.received()).isGreaterThan(before);
        assertThat(stream.lastReceived()).isEqualTo(stream.timestamp);
    }

    @Test
    void theLastFrameBeforeAStillPictureArrivesThoughItWasLost() {
        SessionPair pair = new SessionPair(5, Link.perfect());
        Stream stream = new Stream(pair);
        stream.frameBytes = 100;
        stream.send(10, 33 * MILLI);
        pair.link = new Link(1, 0, MILLI, 0);
        stream.send();
        pair.runFor(10 * MILLI);
        pair.link = Link.perfect();

        pair.runFor(100 * MILLI);

        assertThat(stream.received()).isEqualTo(11);
    }

    @Test
    void theLastFrameArrivesEvenWhenTheLinkWasGoneForSeconds() {
        SessionPair pair = new SessionPair(6, Link.perfect());
        Stream stream = new Stream(pair);
        stream.frameBytes = 100;
        stream.send(10, 33 * MILLI);
        pair.link = new Link(1, 0, MILLI, 0);
        stream.send();
        pair.runFor(5 * SECOND);
        pair.link = Link.perfect();

        pair.runFor(3 * SECOND);

        assertThat(stream.received()).isEqualTo(11);
    }

    @Test
    void aStillPictureSendsNoVideoPackets() {
        SessionPair pair = new SessionPair(7, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(10, 33 * MILLI);
        pair.runFor(SECOND);
        long before = pair.left.rtpSent;
        long wakeups = pair.left.wakeups;

        pair.runFor(60 * SECOND);

        assertThat(pair.left.rtpSent).isEqualTo(before);
        assertThat(pair.left.wakeups - wakeups).isLessThan(300);
    }

    @Test
    void aLargeKeyframeIsSpreadSoThatASmallSocketBufferHoldsIt() {
        SessionPair pair = new SessionPair(8, Link.perfect());
        Stream stream = new Stream(pair);
        byte[] frame = Frames.frame(new Random(1), true, 900_000);
        stream.sent.put(1_000L, frame);
        pair.left.session.sendFrame(pair.now, stream.sender, ByteBuffer.wrap(frame), 1_000);

        pair.runFor(130 * MILLI);

        assertThat(stream.received()).isEqualTo(1);
        assertThat(pair.right.frames().getFirst().frame()).isEqualTo(ByteBuffer.wrap(frame));
        assertThat(pair.left.largestBurst).isLessThanOrEqualTo(Pacer.BURST_BYTES + RtpSession.MAX_PACKET_BYTES);
    }

    @Test
    void whatDoesNotFitIsDroppedAndAKeyframeIsAskedFor() {
        SessionPair pair = new SessionPair(9, Link.perfect());
        Stream stream = new Stream(pair);
        byte[] tooLarge = Frames.frame(new Random(1), true, 4_000_000);

        pair.left.session.sendFrame(pair.now, stream.sender, ByteBuffer.wrap(tooLarge), 1_000);
        pair.settle();

        assertThat(pair.left.keyframeRequests()).isEqualTo(1);
        assertThat(pair.left.rtpSent).isZero();
        stream.send();
        pair.runFor(50 * MILLI);
        stream.check();
        assertThat(stream.received()).isEqualTo(1);
    }

    @Test
    void reportsTellTheRoundTripTime() {
        SessionPair pair = new SessionPair(10, new Link(0, 0, 30 * MILLI, 0));
        Stream stream = new Stream(pair);
        stream.send(100, 33 * MILLI);

        assertThat(pair.left.session.stats().rttNanos()).isBetween(59 * MILLI, 61 * MILLI);
        assertThat(pair.left.rtcpSent).isBetween(3L, 10L);
        assertThat(pair.right.rtcpSent).isBetween(3L, 10L);
    }

    @Test
    void aWishForAKeyframeIsRepeatedUntilOneCame() {
        SessionPair pair = new SessionPair(11, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(3, 33 * MILLI);
        pair.link = new Link(1, 0, MILLI, 0);
        pair.right.session.requestKeyframe(pair.now, stream.receiver);
        pair.runFor(SECOND);
        assertThat(pair.left.keyframeRequests()).isZero();
        pair.link = Link.perfect();

        pair.runFor(SECOND);
        assertThat(pair.left.keyframeRequests()).isPositive();
        stream.send(1, 33 * MILLI);
        long before = pair.left.keyframeRequests();
        pair.runFor(5 * SECOND);

        assertThat(pair.left.keyframeRequests()).isEqualTo(before);
    }

    @Test
    void keyframeRequestsInARowAreOneRequestAtATime() {
        SessionPair pair = new SessionPair(12, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(3, 33 * MILLI);
        for (int i = 0; i < 50; i++) {
            pair.right.session.requestKeyframe(pair.now, stream.receiver);
            pair.runFor(MILLI);
        }
        assertThat(pair.left.keyframeRequests()).isEqualTo(1);
    }

    @Test
    void closingSaysGoodbye() {
        SessionPair pair = new SessionPair(13, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(3, 33 * MILLI);

        pair.left.session.close();
        pair.settle();
        pair.runFor(10 * MILLI);

        assertThat(pair.right.events).contains(new RtpEvent.Bye(stream.receiver));
        assertThat(pair.left.session.isDrained()).isTrue();
        assertThat(pair.left.session.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
        pair.left.session.sendFrame(pair.now, stream.sender, ByteBuffer.wrap(new byte[10]), 0);
        assertThat(pair.left.session.pollTransmit(pair.now, ByteBuffer.allocate(2_048)))
                .isNull();
    }

    @Test
    void aRemovedReceiverHearsNothingAndANewOneBeginsAtAKeyframe() {
        SessionPair pair = new SessionPair(14, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(3, 33 * MILLI);
        pair.right.session.removeReceiver(stream.receiver);
        stream.send(3, 33 * MILLI);
        assertThat(stream.received()).isEqualTo(3);
        int again = pair.right.session.addReceiver(SessionPair.receiverConfig());

        stream.send(20, 33 * MILLI);

        List<RtpEvent.FrameReceived> frames = pair.right.frames();
        assertThat(frames.get(3).receiver()).isEqualTo(again);
        assertThat(frames.get(3).keyframe()).isTrue();
        assertThat(frames.getLast().rtpTimestamp()).isEqualTo(stream.timestamp);
    }

    @Test
    void streamsOfOneBundleAreToldApartByMidBySsrcAndByPayloadType() {
        SessionPair pair = new SessionPair(15, Link.perfect());
        List<Integer> senders = new ArrayList<>();
        senders.add(pair.left.session.addSender(new RtpSenderConfig(1, "a", 4, 96, 90_000, true, true, true)));
        senders.add(pair.left.session.addSender(new RtpSenderConfig(2, "b", 0, 96, 90_000, true, true, true)));
        senders.add(pair.left.session.addSender(new RtpSenderConfig(3, "c", 0, 98, 90_000, true, true, true)));
        List<Integer> receivers = new ArrayList<>();
        receivers.add(
                pair.right.session.addReceiver(RtpReceiverConfig.vp8("a", 4, List.of(96), List.of(), true, true)));
        receivers.add(
                pair.right.session.addReceiver(RtpReceiverConfig.vp8("b", 4, List.of(96), List.of(2), true, true)));
        receivers.add(
                pair.right.session.addReceiver(RtpReceiverConfig.vp8("c", 4, List.of(98), List.of(), true, true)));

        for (int sender : senders) {
            byte[] frame = Frames.frame(new Random(sender), true, 100);
            pair.left.session.sendFrame(pair.now, sender, ByteBuffer.wrap(frame), sender);
        }
        pair.runFor(3 * SECOND);

        assertThat(pair.right.frames())
                .extracting(RtpEvent.FrameReceived::receiver)
                .containsExactlyInAnyOrderElementsOf(receivers);
        assertThat(pair.right.frames())
                .extracting(frame -> (int) frame.rtpTimestamp())
                .containsExactlyInAnyOrderElementsOf(senders);
        assertThat(pair.left.session.stats().rttNanos()).isPositive();
    }

    @Test
    void aRetransmissionIsNotRepeatedWithinARoundTrip() {
        SessionPair pair = new SessionPair(16, Link.perfect());
        Stream stream = new Stream(pair);
        List<Integer> sequences = new ArrayList<>();
        pair.left.eats = packet -> {
            RtpPacket rtp = RtpPacket.parse(packet);
            if (rtp != null && rtp.payloadType() == 96) {
                sequences.add(rtp.sequence());
            }
            return false;
        };
        stream.frameBytes = 100;
        stream.send(3, MILLI);
        long before = pair.left.rtpSent;
        ByteBuffer nack = ByteBuffer.allocate(100);
        new RtcpWriter(nack).write(new RtcpPacket.GenericNack(9, SessionPair.SSRC, List.of(sequences.getLast())));
        nack.flip();
        for (int i = 0; i < 20; i++) {
            pair.left.session.handleRtcp(pair.now, nack);
            pair.settle();
        }

        assertThat(pair.left.rtpSent - before).isEqualTo(1);
        pair.runFor(60 * MILLI);
        pair.left.session.handleRtcp(pair.now, nack);
        pair.settle();
        assertThat(pair.left.rtpSent - before).isGreaterThanOrEqualTo(2);
    }

    @Test
    void everyDatagramIsACompoundUnlessReducedSizeWasAgreed() {
        SessionPair pair = new SessionPair(17, new Link(0.2, 0, 5 * MILLI, 0));
        Stream stream = new Stream(pair);
        List<List<RtcpPacket>> sent = new ArrayList<>();
        pair.right.eats = packet -> {
            sent.add(RtcpReader.parse(packet).packets());
            return false;
        };
        stream.send(60, 33 * MILLI);
        assertThat(sent)
                .allMatch(packets -> packets.getFirst() instanceof RtcpPacket.ReceiverReport
                        && packets.get(1) instanceof RtcpPacket.SourceDescription);
        assertThat(sent).anyMatch(packets -> packets.getLast() instanceof RtcpPacket.GenericNack);
        sent.clear();
        pair.right.session.reducedSize(true);
        stream.send(60, 33 * MILLI);
        assertThat(sent).anyMatch(packets -> packets.getFirst() instanceof RtcpPacket.GenericNack);
    }

    @Test
    void aFullIntraRequestCountsOnceByItsNumber() {
        SessionPair pair = new SessionPair(18, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(1, 33 * MILLI);
        for (int number : new int[] {7, 7, 7, 8}) {
            ByteBuffer request = ByteBuffer.allocate(100);
            new RtcpWriter(request)
                    .write(new RtcpPacket.FullIntraRequest(
                            9, List.of(new RtcpPacket.FullIntraRequest.Entry(SessionPair.SSRC, number))));
            pair.left.session.handleRtcp(pair.now, request.flip());
            pair.settle();
            pair.runFor(100 * MILLI);
        }
        assertThat(pair.left.keyframeRequests()).isEqualTo(2);
    }

    @Test
    void aSequenceThatWrapsTroublesNobody() {
        SessionPair pair = new SessionPair(20, new Link(0.02, 0.02, 5 * MILLI, 5 * MILLI));
        Stream stream = new Stream(pair);
        stream.frameBytes = 200_000;
        stream.send(900, 33 * MILLI);
        pair.runFor(2 * SECOND);

        stream.check();
        assertThat(pair.left.session.stats().senders().getFirst().packetsSent()).isGreaterThan(70_000);
        assertThat(stream.lastReceived()).isEqualTo(stream.timestamp);
    }

    @Test
    void thereIsRoomForAFixedNumberOfStreams() {
        RtpSession session = new SessionPair(1, Link.perfect()).left.session;
        for (int i = 0; i < RtpSession.MAX_STREAMS; i++) {
            session.addReceiver(SessionPair.receiverConfig());
        }
        assertThatThrownBy(() -> session.addReceiver(SessionPair.receiverConfig()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void garbageIsCountedAndChangesNothing() {
        SessionPair pair = new SessionPair(19, Link.perfect());
        Stream stream = new Stream(pair);
        stream.send(3, 33 * MILLI);
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            if (garbage.length > 0) {
                garbage[0] = (byte) (0x80 | garbage[0] & 0x3F);
            }
            pair.right.session.handleRtp(pair.now, ByteBuffer.wrap(garbage));
            pair.right.session.handleRtcp(pair.now, ByteBuffer.wrap(garbage));
        }
        pair.settle();
        stream.send(20, 33 * MILLI);

        assertThat(pair.right.frames().getLast().rtpTimestamp()).isEqualTo(stream.timestamp);
    }
}
