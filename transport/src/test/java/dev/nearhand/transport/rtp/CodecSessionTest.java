package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Payloads;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every format through a whole session, and retransmissions in a stream of their own.
class CodecSessionTest {
    private static final int RTX_SSRC = 0x7000_0002;
    private static final RtpSenderConfig.Repair RTX = new RtpSenderConfig.Repair.Rtx(RTX_SSRC, 97);

    private final Random random = new Random(5);
    private final Map<Long, byte[]> sent = new HashMap<>();
    private long timestamp = 0xFFFF_F000L;

    private static RtpSenderConfig sender(Codec codec, RtpSenderConfig.Repair repair) {
        boolean video = !codec.isAudio();
        return new RtpSenderConfig(
                SessionPair.SSRC,
                "v",
                SessionPair.MID_EXTENSION,
                96,
                codec,
                false,
                video ? 90_000 : 48_000,
                video,
                video,
                video,
                repair);
    }

    private static RtpReceiverConfig receiver(Codec codec) {
        boolean video = !codec.isAudio();
        return new RtpReceiverConfig(
                "v",
                SessionPair.MID_EXTENSION,
                Map.of(96, codec),
                Map.of(97, 96),
                Set.of(98),
                List.of(),
                video ? 90_000 : 48_000,
                video,
                video);
    }

    private void send(SessionPair pair, int sender, Codec codec, int frames) {
        long requests = 0;
        boolean keyframe = true;
        for (int i = 0; i < frames; i++) {
            if (pair.left.keyframeRequests() > requests) {
                requests = pair.left.keyframeRequests();
                keyframe = true;
            }
            byte[] frame = Payloads.frame(codec, random, keyframe);
            keyframe = false;
            timestamp = timestamp + 3_000 & 0xFFFF_FFFFL;
            sent.put(timestamp, frame);
            pair.left.session.sendFrame(pair.now, sender, ByteBuffer.wrap(frame), timestamp);
            pair.settle();
            pair.runFor(20 * SessionPair.MILLI);
        }
        pair.runFor(1_000 * SessionPair.MILLI);
    }

    private void check(SessionPair pair, Codec codec) {
        long last = -1;
        for (RtpEvent.FrameReceived frame : pair.right.frames()) {
            assertThat(frame.codec()).isEqualTo(codec);
            assertThat(frame.frame()).isEqualTo(ByteBuffer.wrap(sent.get(frame.rtpTimestamp())));
            long time = frame.rtpTimestamp() - 0xFFFF_F000L & 0xFFFF_FFFFL;
            assertThat(time).isGreaterThan(last);
            last = time;
        }
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void everyFrameArrivesAsItWasOverAPerfectLink(Codec codec) {
        SessionPair pair = new SessionPair(1, SessionPair.Link.perfect());
        int sender = pair.left.session.addSender(sender(codec, RTX));
        pair.right.session.addReceiver(receiver(codec));
        send(pair, sender, codec, 100);
        check(pair, codec);
        assertThat(pair.right.frames()).hasSize(100);
        assertThat(pair.right.frames().getFirst().keyframe()).isTrue();
        assertThat(pair.right.frames().stream().filter(RtpEvent.FrameReceived::keyframe))
                .hasSize(codec.isAudio() ? 100 : 1);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatArrivesIsInOrderAndWholeOverABadLinkWithRetransmissionStreams(Codec codec) {
        for (int seed = 1; seed <= 20; seed++) {
            SessionPair pair = new SessionPair(
                    seed, new SessionPair.Link(0.05, 0.05, 10 * SessionPair.MILLI, 15 * SessionPair.MILLI));
            sent.clear();
            timestamp = 0xFFFF_F000L;
            int sender = pair.left.session.addSender(sender(codec, RTX));
            pair.right.session.addReceiver(receiver(codec));
            send(pair, sender, codec, 150);
            check(pair, codec);
            assertThat(pair.right.frames()).as("seed %d", seed).hasSizeGreaterThan(codec.isAudio() ? 60 : 100);
            if (!codec.isAudio()) {
                assertThat(pair.right.session.stats().receivers().getFirst().retransmissionsReceived())
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Codec.class,
            names = {"VP8", "VP9", "H264", "AV1"})
    void aStreamThatIsJoinedInTheMiddleBeginsWithAKeyframe(Codec codec) {
        SessionPair pair = new SessionPair(3, SessionPair.Link.perfect());
        int sender = pair.left.session.addSender(sender(codec, RTX));
        int[] seen = {0};
        pair.left.eats = packet -> (packet.get(1) & 0x7E) == 0x60 && seen[0]++ == 0; // the very first one
        pair.right.session.addReceiver(receiver(codec));
        send(pair, sender, codec, 60);
        check(pair, codec);
        assertThat(pair.right.frames()).isNotEmpty();
        assertThat(pair.right.frames().getFirst().keyframe()).isTrue();
    }

    @Test
    void whatWasAskedForComesInTheStreamOfRetransmissions() {
        SessionPair pair = new SessionPair(2, SessionPair.Link.perfect());
        int sender = pair.left.session.addSender(sender(Codec.VP8, RTX));
        pair.right.session.addReceiver(receiver(Codec.VP8));
        send(pair, sender, Codec.VP8, 2);
        int[] eaten = {0};
        pair.left.eats = packet -> packet.getInt(8) == SessionPair.SSRC && eaten[0]++ < 2;
        send(pair, sender, Codec.VP8, 20);
        check(pair, Codec.VP8);
        assertThat(pair.right.frames()).hasSize(22);
        assertThat(pair.right.session.stats().receivers().getFirst().packetsRepaired())
                .isPositive();
    }

    @Test
    void aRetransmissionBeforeAnythingElseAndAnEmptyOneAreOfNoUse() {
        SessionPair pair = new SessionPair(2, SessionPair.Link.perfect());
        pair.right.session.addReceiver(receiver(Codec.VP8));
        pair.right.session.handleRtp(1, hex("8061000100000001" + "70000002" + "0005" + "1010aa"));
        pair.right.session.handleRtp(1, hex("8060000100000001" + "70000001" + "1011aa"));
        pair.right.session.handleRtp(1, hex("8061000200000001" + "70000002" + "0005"));
        pair.right.session.handleRtp(1, hex("8061000300000001" + "70000002" + "00"));
        RtpStats.Receiver stats = pair.right.session.stats().receivers().getFirst();
        assertThat(stats.packetsUseless()).isEqualTo(3);
        assertThat(stats.retransmissionsReceived()).isZero();
        assertThat(stats.packetsReceived()).isEqualTo(1);
    }

    @Test
    void aFrameInsideRedIsUnwrapped() {
        SessionPair pair = new SessionPair(2, SessionPair.Link.perfect());
        pair.right.session.addReceiver(receiver(Codec.VP8));
        pair.right.session.handleRtp(1, hex("80e2000100000001" + "70000001" + "60" + "1010aa"));
        pair.right.session.handleRtp(1, hex("80e2000200000002" + "70000001" + "6f" + "0102")); // parity: of no use
        pair.right.session.handleRtp(1, hex("80e2000300000003" + "70000001" + "e0000402" + "60" + "0bad" + "1011bb"));
        pair.settle();
        assertThat(pair.right.frames())
                .extracting(RtpEvent.FrameReceived::frame)
                .containsExactly(hex("10aa"), hex("11bb"));
    }

    @Test
    void feedbackThatNobodyActsOnIsCounted() {
        SessionPair pair = new SessionPair(2, SessionPair.Link.perfect());
        pair.right.session.handleRtcp(1, hex("8fce0004000000010000000052454d4200000000")); // nobody is named
        pair.right.session.handleRtcp(1, hex("8fcd00049acb0442000000000000000000000000"));
        assertThat(pair.right.session.stats().rembs()).isEqualTo(1);
        assertThat(pair.right.session.stats().transportFeedbacks()).isEqualTo(1);
    }

    @Test
    void aFrameThatItsFormatCannotCarryIsDroppedWithoutAskingForAKeyframe() {
        SessionPair pair = new SessionPair(2, SessionPair.Link.perfect());
        int sender = pair.left.session.addSender(sender(Codec.H264, RTX));
        pair.left.session.sendFrame(1, sender, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
        pair.settle();
        assertThat(pair.left.keyframeRequests()).isZero();
        assertThat(pair.left.session.stats().senders().getFirst().framesDropped())
                .isEqualTo(1);
    }

    private static ByteBuffer hex(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(digits));
    }
}
