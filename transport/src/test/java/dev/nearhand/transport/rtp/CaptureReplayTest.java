package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Depacketizer;
import dev.nearhand.transport.payload.Vp8FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams of other programs, as they went over the wire.
class CaptureReplayTest {
    private static final int ETHERNET_IP_UDP_BYTES = 14 + 20 + 8;

    /// The UDP payloads of a capture in the classic little-endian format.
    private static List<ByteBuffer> datagrams(Path capture) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> datagrams = new ArrayList<>();
        file.position(24);
        while (file.remaining() > 16) {
            int length = file.getInt(file.position() + 8);
            int start = file.position() + 16;
            datagrams.add(file.slice(start + ETHERNET_IP_UDP_BYTES, length - ETHERNET_IP_UDP_BYTES)
                    .order(ByteOrder.BIG_ENDIAN));
            file.position(start + length);
        }
        return datagrams;
    }

    private static Path capture(String name) {
        Path corpora = Requires.corpora().orElse(null);
        Assumptions.assumeTrue(corpora != null, "no corpora (-Dnearhand.corpora=FOLDER)");
        return corpora.resolve("pcap").resolve(name);
    }

    private static List<RtpEvent.FrameReceived> replay(List<ByteBuffer> datagrams, int payloadType) {
        return replay(datagrams, payloadType, Codec.VP8);
    }

    private static List<RtpEvent.FrameReceived> replay(List<ByteBuffer> datagrams, int payloadType, Codec codec) {
        RtpSession session = new RtpSession("test", () -> Instant.EPOCH, new Random(1));
        session.addReceiver(new RtpReceiverConfig(
                "v", 0, Map.of(payloadType, codec), Map.of(), Set.of(), List.of(), 90_000, true, true));
        List<RtpEvent.FrameReceived> frames = new ArrayList<>();
        long now = 1;
        for (ByteBuffer datagram : datagrams) {
            now += 1_000_000;
            session.handleRtp(now, datagram);
            session.handleTimeout(now);
            for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
                if (event instanceof RtpEvent.FrameReceived frame) {
                    frames.add(frame);
                }
            }
        }
        return frames;
    }

    @Test
    void everyFrameOfACapturedVp8StreamIsPutTogether() throws IOException {
        List<ByteBuffer> datagrams = datagrams(capture("vp8.pcap"));
        Set<Integer> timestamps = new HashSet<>();
        for (ByteBuffer datagram : datagrams) {
            RtpPacket packet = RtpPacket.parse(datagram);
            assertThat(packet).isNotNull();
            if (packet.payload().hasRemaining()) {
                timestamps.add(packet.timestamp());
            }
        }
        RtpPacket first = RtpPacket.parse(datagrams.getFirst());
        assertThat(first).isNotNull();

        List<RtpEvent.FrameReceived> frames = replay(datagrams, first.payloadType());

        assertThat(frames).hasSameSizeAs(timestamps);
        assertThat(frames.getFirst().keyframe()).isTrue();
        for (RtpEvent.FrameReceived frame : frames) {
            Vp8FrameHeader header = Vp8FrameHeader.peek(frame.frame());
            assertThat(header).isNotNull();
            assertThat(header.keyframe()).isEqualTo(frame.keyframe());
            assertThat(header.firstPartitionBytes()).isLessThan(frame.frame().remaining());
            if (header.keyframe()) {
                assertThat(header.width()).isPositive();
                assertThat(header.height()).isPositive();
            }
        }
    }

    /// Up to the first packet that the capture lacks, or has in pieces, every frame is there; the stream without a key
    /// frame has none.
    @ParameterizedTest
    @CsvSource({"av1.pcap, AV1, true", "vp9.pcap, VP9, true", "contiguous_vp9.pcap, VP9, false", "h264.pcap, H264, true"
    })
    void everyFrameOfACapturedStreamOfAnotherFormatIsPutTogether(String name, Codec codec, boolean decodable)
            throws IOException {
        List<ByteBuffer> datagrams = datagrams(capture(name));
        RtpPacket first = RtpPacket.parse(datagrams.getFirst());
        assertThat(first).isNotNull();
        int whole = 0;
        for (int i = 0; i < datagrams.size(); i++) {
            RtpPacket packet = RtpPacket.parse(datagrams.get(i));
            assertThat(packet).isNotNull();
            boolean lost = packet.sequence() != (first.sequence() + i & 0xFFFF);
            // one key frame of H.264 was captured with a NAL unit longer than the packet
            if (lost || Depacketizer.of(codec).inspect(packet.payload()) == null) {
                break;
            }
            whole += packet.marker() ? 1 : 0;
        }
        List<RtpEvent.FrameReceived> frames = replay(datagrams, first.payloadType(), codec);
        assertThat(frames).allMatch(frame -> frame.codec() == codec);
        if (decodable) {
            assertThat(frames).hasSizeGreaterThanOrEqualTo(whole);
            assertThat(frames.getFirst().keyframe()).isTrue();
        } else {
            assertThat(frames).isEmpty();
        }
    }

    /// What other formats carry is noise to VP8: it must be survived.
    @Test
    void streamsOfOtherFormatsAreSurvived() throws IOException {
        for (String name : List.of("av1.pcap", "vp9.pcap", "contiguous_vp9.pcap", "h264.pcap", "h266.pcap")) {
            List<ByteBuffer> datagrams = datagrams(capture(name));
            assertThat(datagrams).isNotEmpty();
            RtpPacket first = RtpPacket.parse(datagrams.getFirst());
            if (first != null) {
                replay(datagrams, first.payloadType());
            }
        }
    }
}
