package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtcp.RtcpPacket;
import dev.nearhand.transport.rtcp.RtcpPacket.PictureLossIndication;
import dev.nearhand.transport.rtcp.RtcpReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// One track in two sizes, in virtual time: each stream numbers and times its packets by itself, and makes a key frame
/// when it is asked for one.
class SimulcastReceiverTest {
    private static final long MILLI = 1_000_000;
    private static final int FRAME_MILLIS = 50;
    private static final int FRAME_TICKS = 90 * FRAME_MILLIS;
    private static final int MID = 3;
    private static final int RID = 4;
    private static final int REPAIRED = 5;
    private static final int LOW = 200;
    private static final int HIGH = 900;

    static final RtpReceiverConfig CONFIG = new RtpReceiverConfig(
            "v",
            MID,
            Map.of(96, Codec.VP8),
            Map.of(97, 96),
            Set.of(),
            Set.of(),
            List.of(),
            RtpReceiverConfig.VIDEO_CLOCK_RATE,
            true,
            true,
            new RtpLayers(List.of("l", "h"), RID, REPAIRED));

    private static final class Source {
        final String rid;
        final int ssrc;
        final int bytes;
        int sequence;
        int timestamp;
        boolean keyframe = true;
        int asked;

        Source(String rid, int ssrc, int bytes) {
            this.rid = rid;
            this.ssrc = ssrc;
            this.bytes = bytes;
            this.sequence = ssrc & 0xFFF;
            this.timestamp = ssrc * 1_000_003;
        }
    }

    private final RtpSession session = new RtpSession("test", () -> Instant.EPOCH, new Random(1));
    private final Source low = new Source("l", 11, LOW);
    private final Source high = new Source("h", 22, HIGH);
    private final Map<Integer, Source> sources = new HashMap<>(Map.of(low.ssrc, low, high.ssrc, high));
    private final List<RtpEvent.FrameReceived> frames = new ArrayList<>();
    private final int track;
    private long now = 1;

    SimulcastReceiverTest() {
        session.reducedSize(true);
        track = session.addReceiver(CONFIG);
    }

    private static ByteBuffer packet(
            int type, int sequence, int timestamp, int ssrc, int ridId, String rid, byte[] of) {
        ByteBuffer bytes = ByteBuffer.allocate(1_500);
        ByteWriter out = new ByteWriter(bytes)
                .u8(0x90)
                .u8(0x80 | type)
                .u16(sequence)
                .i32(timestamp)
                .i32(ssrc)
                .u16(HeaderExtensions.ONE_BYTE_PROFILE)
                .u16(1)
                .u8(MID << 4)
                .u8('v')
                .u8(ridId << 4 | rid.length() - 1)
                .bytes(rid.getBytes(StandardCharsets.UTF_8));
        out.bytes(of);
        return bytes.flip();
    }

    private void send(Source source) {
        byte[] payload = new byte[source.bytes];
        payload[0] = 0x10;
        payload[1] = (byte) (source.keyframe ? 0x10 : 0x11);
        source.keyframe = false;
        source.timestamp += FRAME_TICKS;
        session.handleRtp(now, packet(96, source.sequence++, source.timestamp, source.ssrc, RID, source.rid, payload));
        drain();
    }

    private void drain() {
        for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            if (event instanceof RtpEvent.FrameReceived frame) {
                assertThat(frame.receiver()).isEqualTo(track);
                frames.add(frame);
            }
        }
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        for (RtpTransmit next = session.pollTransmit(now, lent.clear());
                next != null;
                next = session.pollTransmit(now, lent.clear())) {
            for (RtcpPacket packet :
                    RtcpReader.parse(lent.slice(0, next.lengthBytes())).packets()) {
                if (packet instanceof PictureLossIndication pli) {
                    Source source = sources.get(pli.mediaSsrc());
                    source.asked++;
                    source.keyframe = true;
                }
            }
        }
        assertThat(session.nextTimeoutNanos()).isGreaterThan(now);
    }

    private void run(int millis, Source... flowing) {
        for (int passed = 0; passed < millis; passed += FRAME_MILLIS) {
            for (Source source : flowing) {
                now += MILLI;
                session.handleTimeout(now);
                drain();
                send(source);
            }
            now += (FRAME_MILLIS - flowing.length) * MILLI;
            session.handleTimeout(now);
            drain();
        }
    }

    private int shownBytes() {
        return frames.getLast().frame().remaining() + 1; // the descriptor is one byte
    }

    private long switches() {
        return session.stats().layerSwitches();
    }

    @Test
    void theStreamThatCarriesMostIsShownAndOnlyItIsAskedForAnything() {
        run(5_000, low, high);
        assertThat(shownBytes()).isEqualTo(HIGH);
        assertThat(switches()).isEqualTo(1);
        assertThat(low.asked).isEqualTo(0);
        assertThat(high.asked).isEqualTo(1);
    }

    @Test
    void aChangeHappensAtAKeyframeAndLosesNoPictureAndTimeGoesOn() {
        run(5_000, low, high);
        int before = -1;
        for (RtpEvent.FrameReceived frame : frames) {
            int bytes = frame.frame().remaining();
            assertThat(before == -1 || bytes == before || frame.keyframe()).isTrue();
            before = bytes;
        }
        assertThat(frames).hasSizeBetween(99, 101); // of 100 pictures
        for (int i = 1; i < frames.size(); i++) {
            long step = frames.get(i).rtpTimestamp() - frames.get(i - 1).rtpTimestamp() & 0xFFFF_FFFFL;
            assertThat(step).isBetween(1L, 2L * FRAME_TICKS);
        }
    }

    @Test
    void whenTheBestFallsSilentTheNextIsShownAndTheBestAgainWhenItIsBack() {
        run(5_000, low, high);
        run(3_000, low);
        assertThat(shownBytes()).isEqualTo(LOW);
        assertThat(low.asked).isEqualTo(1);
        int shown = frames.size();
        run(3_000, low, high);
        assertThat(shownBytes()).isEqualTo(HIGH);
        assertThat(frames.size() - shown).isBetween(58, 62);
        assertThat(switches()).isEqualTo(3);
    }

    @Test
    void aStreamThatWasChosenIsKeptAndLeftOnlyWhileItIsSilent() {
        run(5_000, low, high);
        session.selectLayer(now, track, "l");
        run(3_000, low, high);
        assertThat(shownBytes()).isEqualTo(LOW);
        run(3_000, high);
        assertThat(shownBytes()).isEqualTo(HIGH);
        run(1_000, low, high);
        assertThat(shownBytes()).isEqualTo(LOW);
        session.selectLayer(now, track, "");
        run(4_000, low, high);
        assertThat(shownBytes()).isEqualTo(HIGH);
    }

    @Test
    void whenAllAreSilentForLongTheOneThatWasShownStays() {
        run(5_000, low, high);
        for (int pause = 0; pause < 10; pause++) {
            now += 3_000 * MILLI;
            session.handleTimeout(now);
            run(FRAME_MILLIS, low, high);
        }
        assertThat(switches()).isEqualTo(1);
        assertThat(shownBytes()).isEqualTo(HIGH);
    }

    @Test
    void aRepetitionIsKnownByTheNameOfTheStreamThatItRepairs() {
        run(5_000, low, high);
        int lost = high.sequence++;
        high.timestamp += FRAME_TICKS;
        run(FRAME_MILLIS, high);
        int shown = frames.size();
        byte[] repetition = new byte[HIGH];
        ByteBuffer.wrap(repetition).putShort((short) lost).put((byte) 0x10).put((byte) 0x11);
        session.handleRtp(now, packet(97, 1, high.timestamp - FRAME_TICKS, 33, REPAIRED, "h", repetition));
        drain();
        assertThat(frames).hasSize(shown + 2);
        assertThat(session.stats().receivers().get(1).retransmissionsReceived()).isEqualTo(1);
    }

    @Test
    void aStreamOfAnUnknownNameIsCountedAndDropped() {
        byte[] frame = {0x10, 0x10, 1};
        for (int i = 0; i < 100; i++) {
            session.handleRtp(now, packet(96, i, i, 1_000 + i, RID, "x", frame));
        }
        drain();
        assertThat(frames).isEmpty();
        assertThat(session.stats().unroutedRtp()).isEqualTo(100);
    }
}
