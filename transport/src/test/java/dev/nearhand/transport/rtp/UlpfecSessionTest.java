package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.payload.Packetizer;
import dev.nearhand.transport.payload.Payloads;
import dev.nearhand.transport.rtcp.RtcpPacket;
import dev.nearhand.transport.rtcp.RtcpReader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Parity inside RED, as a session meets it: frames of VP8, each followed by parity over its packets.
class UlpfecSessionTest {
    private static final long MILLI = 1_000_000;
    private static final int SSRC = 77;
    private static final int RTX_SSRC = 78;
    private static final int VP8 = 96;
    private static final int RTX = 97;
    private static final int RED = 98;
    private static final int ULPFEC = 99;
    private static final int RED_RTX = 100;

    static final RtpReceiverConfig CONFIG = new RtpReceiverConfig(
            "v",
            0,
            Map.of(VP8, Codec.VP8),
            Map.of(RTX, VP8, RED_RTX, RED),
            Set.of(RED),
            Set.of(ULPFEC),
            List.of(SSRC, RTX_SSRC),
            RtpReceiverConfig.VIDEO_CLOCK_RATE,
            true,
            true,
            RtpLayers.NONE);

    /// One frame on the wire.
    ///
    /// @param media whole packets as they are protected
    /// @param parity whole packets
    private record Sent(byte[] frame, int timestamp, List<byte[]> media, List<byte[]> parity) {}

    private Random random = new Random(3);
    private final RtpSession session = new RtpSession("test", () -> Instant.EPOCH, new Random(1));
    private final Packetizer packetizer = Packetizer.of(Codec.VP8, 0x7FFE, false);
    private final List<RtpEvent.FrameReceived> received = new ArrayList<>();
    private final List<RtcpPacket> said = new ArrayList<>();
    private int nextSequence = 0xFFF0;
    private int timestamp = 9_000;
    private long now = 1;

    UlpfecSessionTest() {
        session.reducedSize(true);
        session.addReceiver(CONFIG);
    }

    private static byte[] packet(int ssrc, int type, boolean marker, int sequence, int timestamp, byte[]... parts) {
        ByteBuffer packet = ByteBuffer.allocate(2_000)
                .put((byte) 0x80)
                .put((byte) ((marker ? 0x80 : 0) | type))
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc);
        for (byte[] part : parts) {
            packet.put(part);
        }
        byte[] bytes = new byte[packet.position()];
        packet.flip().get(bytes);
        return bytes;
    }

    private Sent encode(boolean keyframe, int bytes, int parityPackets) {
        byte[] frame = Frames.frame(random, keyframe, bytes);
        timestamp += 3_000;
        List<byte[]> payloads = Payloads.cut(packetizer, frame, 200);
        int base = nextSequence;
        TreeMap<Integer, byte[]> media = new TreeMap<>();
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < payloads.size(); i++) {
            byte[] packet = packet(SSRC, VP8, i == payloads.size() - 1, nextSequence, timestamp, payloads.get(i));
            media.put(nextSequence, packet);
            packets.add(packet);
            nextSequence = nextSequence + 1 & 0xFFFF;
        }
        List<byte[]> parity = new ArrayList<>();
        for (int one = 0; one < Math.min(parityPackets, packets.size()); one++) {
            int each = one;
            // of several, each protects every second or third packet
            List<Integer> indices = IntStream.range(0, packets.size())
                    .filter(i -> i % parityPackets == each)
                    .boxed()
                    .toList();
            int shift = indices.getFirst();
            List<Integer> shifted = indices.stream().map(i -> i - shift).toList();
            byte[] payload = ParityEncoder.encode(media, base + shift & 0xFFFF, packets.size() > 16, shifted, 0);
            parity.add(packet(SSRC, RED, false, nextSequence, timestamp, new byte[] {ULPFEC}, payload));
            nextSequence = nextSequence + 1 & 0xFFFF;
        }
        return new Sent(frame, timestamp, packets, parity);
    }

    private static byte[] rest(byte[] packet) {
        return Arrays.copyOfRange(packet, 12, packet.length);
    }

    private static ByteBuffer header(byte[] packet) {
        return ByteBuffer.wrap(packet);
    }

    private static byte[] inRed(byte[] media) {
        ByteBuffer head = header(media);
        return packet(SSRC, RED, media[1] < 0, head.getShort(2), head.getInt(4), new byte[] {VP8}, rest(media));
    }

    private static byte[] inRtx(byte[] media, int sequence) {
        ByteBuffer head = header(media);
        byte[] original = {media[2], media[3]};
        return packet(RTX_SSRC, RTX, media[1] < 0, sequence, head.getInt(4), original, rest(media));
    }

    private void take(byte[] packet) {
        now += MILLI / 10;
        session.handleRtp(now, ByteBuffer.wrap(packet));
        drain();
    }

    private void takeAll(Sent sent) {
        sent.media().forEach(packet -> take(inRed(packet)));
        sent.parity().forEach(this::take);
    }

    private void drain() {
        for (RtpEvent event = session.pollEvent(); event != null; event = session.pollEvent()) {
            if (event instanceof RtpEvent.FrameReceived frame) {
                received.add(frame);
            }
        }
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        for (RtpTransmit next = session.pollTransmit(now, lent); next != null; next = session.pollTransmit(now, lent)) {
            said.addAll(RtcpReader.parse(lent.slice(0, next.lengthBytes())).packets());
        }
    }

    private void pass(long nanos) {
        long until = now + nanos;
        while (session.nextTimeoutNanos() <= until) {
            now = session.nextTimeoutNanos();
            session.handleTimeout(now);
            drain();
        }
        now = until;
    }

    private long said(Class<? extends RtcpPacket> kind) {
        return said.stream().filter(kind::isInstance).count();
    }

    private RtpStats.Receiver stats() {
        return session.stats().receivers().getFirst();
    }

    private void assertReceived(Sent... frames) {
        assertThat(received).hasSize(frames.length);
        for (int i = 0; i < frames.length; i++) {
            assertThat(received.get(i).rtpTimestamp()).isEqualTo(frames[i].timestamp());
            assertThat(received.get(i).frame()).isEqualTo(ByteBuffer.wrap(frames[i].frame()));
        }
    }

    @Test
    void aLostPacketIsBackBeforeItCouldBeAskedFor() {
        Sent first = encode(true, 900, 1);
        Sent second = encode(false, 900, 1);
        Sent third = encode(false, 900, 1);
        takeAll(first);
        take(inRed(second.media().get(0)));
        take(inRed(second.media().get(1)));
        take(inRed(second.media().get(3)));
        take(inRed(second.media().get(4)));
        assertReceived(first);
        take(second.parity().getFirst());
        assertReceived(first, second);
        takeAll(third);
        pass(400 * MILLI);
        assertReceived(first, second, third);
        assertThat(said(RtcpPacket.GenericNack.class)).isZero();
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isZero();
        assertThat(stats().fecReceived()).isEqualTo(3);
        assertThat(stats().fecRecovered()).isEqualTo(1);
        assertThat(stats().fecDropped()).isZero();
        // the sender shall know, or it would give up its parity
        assertThat(stats().packetsLost()).isEqualTo(1);
    }

    @Test
    void whatComesAfterItWasComputedIsNotTakenTwice() {
        Sent first = encode(true, 900, 1);
        Sent second = encode(false, 900, 1);
        takeAll(first);
        second.media().subList(1, second.media().size()).forEach(packet -> take(inRed(packet)));
        take(second.parity().getFirst());
        assertReceived(first, second);
        take(inRed(second.media().getFirst()));
        take(inRtx(second.media().getFirst(), 500));
        takeAll(second);
        pass(400 * MILLI);
        assertReceived(first, second);
        assertThat(stats().fecRecovered()).isEqualTo(1);
        assertThat(stats().fecReceived()).isEqualTo(2);
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isZero();
    }

    @Test
    void aPacketThatWasRepeatedInTimeIsNotComputed() {
        Sent first = encode(true, 900, 1);
        takeAll(first);
        Sent second = encode(false, 900, 1);
        second.media().subList(1, second.media().size()).forEach(packet -> take(inRed(packet)));
        take(inRtx(second.media().getFirst(), 500));
        take(second.parity().getFirst());
        assertReceived(first, second);
        assertThat(stats().fecRecovered()).isZero();
    }

    @Test
    void aRetransmissionOfARedPacketIsUnwrappedTwice() {
        Sent first = encode(true, 900, 0);
        Sent second = encode(false, 900, 0);
        takeAll(first);
        second.media().subList(1, second.media().size()).forEach(packet -> take(inRed(packet)));
        byte[] red = inRed(second.media().getFirst());
        byte[] original = {red[2], red[3]};
        take(packet(RTX_SSRC, RED_RTX, false, 501, second.timestamp(), original, rest(red)));
        assertReceived(first, second);
    }

    @Test
    void parityThatIsLostBetweenTwoPicturesIsNotWaitedFor() {
        Sent first = encode(true, 900, 2);
        Sent second = encode(false, 300, 2);
        Sent third = encode(false, 300, 1);
        first.media().forEach(packet -> take(inRed(packet)));
        take(first.parity().getLast());
        second.media().forEach(packet -> take(inRed(packet)));
        assertReceived(first, second);
        third.media().forEach(packet -> take(inRed(packet)));
        pass(400 * MILLI);
        assertReceived(first, second, third);
        assertThat(said(RtcpPacket.GenericNack.class)).isZero();
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isZero();
    }

    @Test
    void aPictureThatIsLostIsWaitedForAndAskedFor() {
        Sent first = encode(true, 900, 1);
        Sent second = encode(false, 100, 1);
        Sent third = encode(false, 100, 1);
        takeAll(first);
        takeAll(third);
        pass(20 * MILLI);
        assertReceived(first);
        assertThat(said(RtcpPacket.GenericNack.class)).isPositive();
        take(inRtx(second.media().getFirst(), 500));
        assertReceived(first, second, third);
    }

    @Test
    void aPacketThatContradictsWhatWasComputedBringsAKeyframe() {
        Sent first = encode(true, 900, 1);
        Sent second = encode(false, 900, 1);
        takeAll(first);
        second.media().subList(1, second.media().size()).forEach(packet -> take(inRed(packet)));
        byte[] wrong = second.parity().getFirst().clone();
        wrong[60] ^= 1;
        take(wrong);
        assertThat(received).hasSize(2);
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isZero();
        take(inRed(second.media().getFirst()));
        pass(50 * MILLI);
        assertThat(said(RtcpPacket.PictureLossIndication.class)).isPositive();
    }

    @Test
    void paritySaysNothingWhereItWasNotAgreedOn() {
        RtpSession without = new RtpSession("test", () -> Instant.EPOCH, new Random(1));
        without.addReceiver(new RtpReceiverConfig(
                "v", 0, CONFIG.payloadTypes(), Map.of(), Set.of(RED), List.of(SSRC), 90_000, true, true));
        Sent first = encode(true, 900, 1);
        Sent second = encode(false, 900, 1);
        first.media().forEach(packet -> without.handleRtp(now, ByteBuffer.wrap(inRed(packet))));
        second.media()
                .subList(1, second.media().size())
                .forEach(packet -> without.handleRtp(now, ByteBuffer.wrap(inRed(packet))));
        without.handleRtp(now, ByteBuffer.wrap(second.parity().getFirst()));
        assertThat(without.pollEvent()).isInstanceOf(RtpEvent.FrameReceived.class);
        assertThat(without.pollEvent()).isNull();
        assertThat(without.stats().receivers().getFirst().fecReceived()).isZero();
    }

    /// A tenth of everything is lost and some overtaken, nothing is repeated. Just those frames come out, whole, in
    /// order and once, that are complete by what arrived and by its parity, and follow one that came or are key
    /// frames.
    @Property(tries = 60)
    void framesThatParityCompletesComeOutAndNoOthers(@ForAll long seed) {
        UlpfecSessionTest pair = new UlpfecSessionTest();
        pair.random = new Random(seed);
        List<Sent> expected = new ArrayList<>();
        boolean goesOn = false;
        for (int i = 0; i < 120; i++) {
            boolean keyframe = i == 0 || pair.random.nextInt(8) == 0;
            int groups = 1 + i % 3;
            Sent sent = pair.encode(keyframe, 100 + pair.random.nextInt(2_000), groups);
            List<byte[]> packets = new ArrayList<>();
            sent.media().forEach(packet -> packets.add(inRed(packet)));
            packets.addAll(sent.parity());
            int[] lost = new int[groups]; // in each group, the parity that protects it among them
            List<byte[]> arriving = new ArrayList<>();
            boolean[] lacksMedia = new boolean[groups];
            for (int at = 0; at < packets.size(); at++) {
                int media = sent.media().size();
                int group = at < media ? at % groups : at - media;
                if (i == 0 || pair.random.nextInt(10) != 0) {
                    arriving.add(packets.get(at));
                } else {
                    lost[group]++;
                    lacksMedia[group] |= at < media;
                }
            }
            if (arriving.size() > 1 && pair.random.nextInt(10) == 0) {
                Collections.swap(arriving, 0, arriving.size() - 1);
            }
            boolean complete = IntStream.range(0, groups).allMatch(group -> !lacksMedia[group] || lost[group] == 1);
            goesOn = complete && (keyframe || goesOn);
            if (goesOn) {
                expected.add(sent);
            }
            arriving.forEach(pair::take);
            pair.pass(33 * MILLI);
        }
        pair.assertReceived(expected.toArray(Sent[]::new));
        assertThat(pair.stats().fecRecovered()).isPositive();
        assertThat(pair.stats().fecDropped()).isZero();
    }
}
