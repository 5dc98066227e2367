package dev.nearhand.transport.bench;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtcp.RtcpCompound;
import dev.nearhand.transport.rtcp.RtcpReader;
import dev.nearhand.transport.rtp.RtpEvent;
import dev.nearhand.transport.rtp.RtpReceiverConfig;
import dev.nearhand.transport.rtp.RtpSenderConfig;
import dev.nearhand.transport.rtp.RtpSession;
import dev.nearhand.transport.rtp.RtpTransmit;
import dev.nearhand.transport.srtp.SrtpContext;
import dev.nearhand.transport.srtp.SrtpProfile;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What a packet of media costs, beside the least that it can: SRTP beside the JDK's ciphers alone, packetising and
/// putting together beside copying the bytes, transport-wide feedback beside reading its datagram once.
///
/// One thread, packets of 1,160 bytes, frames of ten packets. Prints a [CostTable] for each; needs no arguments.
public final class MediaBench {
    private static final int PACKETS = 10_000;
    private static final int PACKET_BYTES = 1_160;
    private static final int HEADER_BYTES = 12;
    private static final int FRAME_BYTES = 11_400;
    private static final int FRAMES = 500;
    private static final long MILLI = 1_000_000;
    private static final int SSRC = 0x1234;
    private static final int TRANSPORT_ID = 4;

    private MediaBench() {}

    /// Runs the bench.
    public static void main(String[] arguments) throws Exception {
        srtp(SrtpProfile.AEAD_AES_128_GCM, "AES/GCM/NoPadding", false);
        srtp(SrtpProfile.AES128_CM_HMAC_SHA1_80, "AES/CTR/NoPadding", true);
        new Rtp().print();
    }

    private static void srtp(SrtpProfile profile, String transformation, boolean tagged) throws Exception {
        Ciphers alone = new Ciphers(transformation, tagged);
        Srtp srtp = new Srtp(profile);
        new CostTable("packet of 1,160 bytes, " + profile, PACKETS)
                .floor("the JDK's cipher alone, to and fro", alone::run)
                .line("SRTP protect and unprotect", srtp::run)
                .print();
    }

    /// The JDK's ciphers on arrays.
    private static final class Ciphers {
        private final Cipher cipher;
        private final Mac mac;
        private final boolean tagged;
        private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
        private final byte[] plain = new byte[PACKET_BYTES];
        private final byte[] sealed = new byte[2_048];
        private final byte[] nonce = new byte[12];
        private final byte[] counter = new byte[16];
        private final byte[] tag = new byte[20];
        private long nonces;

        Ciphers(String transformation, boolean tagged) throws GeneralSecurityException {
            this.tagged = tagged;
            cipher = Cipher.getInstance(transformation);
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(new byte[20], "HmacSHA1"));
        }

        private void begin(int mode) throws GeneralSecurityException {
            if (tagged) {
                ByteBuffer.wrap(counter).putLong(4, nonces);
                cipher.init(mode, key, new IvParameterSpec(counter));
            } else {
                ByteBuffer.wrap(nonce).putLong(4, nonces);
                cipher.init(mode, key, new GCMParameterSpec(128, nonce));
                cipher.updateAAD(plain, 0, HEADER_BYTES);
            }
        }

        private void authenticate(int length) throws GeneralSecurityException {
            if (tagged) {
                mac.update(sealed, 0, length);
                mac.doFinal(tag, 0);
            }
        }

        void run() throws GeneralSecurityException {
            for (int i = 0; i < PACKETS; i++) {
                nonces++;
                begin(Cipher.ENCRYPT_MODE);
                int length = cipher.doFinal(plain, HEADER_BYTES, PACKET_BYTES - HEADER_BYTES, sealed, 0);
                authenticate(length);
                begin(Cipher.DECRYPT_MODE);
                authenticate(length);
                cipher.doFinal(sealed, 0, length, plain, HEADER_BYTES);
            }
        }
    }

    private static final class Srtp {
        private final SrtpContext from;
        private final SrtpContext to;
        private final ByteBuffer packet = ByteBuffer.allocate(2_048);
        private int sequence;

        Srtp(SrtpProfile profile) {
            from = new SrtpContext(profile, new byte[profile.keyBytes()], new byte[profile.saltBytes()]);
            to = new SrtpContext(profile, new byte[profile.keyBytes()], new byte[profile.saltBytes()]);
        }

        void run() {
            for (int i = 0; i < PACKETS; i++) {
                packet.clear();
                packet.put(0, (byte) 0x80);
                packet.put(1, (byte) 96);
                packet.putShort(2, (short) sequence++);
                packet.putInt(8, SSRC);
                packet.limit(PACKET_BYTES);
                if (!from.protectRtp(packet) || to.unprotectRtp(packet) != null) {
                    throw new IllegalStateException("a packet was refused");
                }
            }
        }
    }

    private record Sent(long atNanos, byte[] bytes) {}

    private static final class Rtp {
        private final RtpSession sender = new RtpSession("a", () -> Instant.EPOCH, new Random(1));
        private final RtpSession receiver = new RtpSession("b", () -> Instant.EPOCH, new Random(2));
        private final int handle;
        private final ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        private final byte[] copy = new byte[FRAME_BYTES];
        private final ByteBuffer lent = ByteBuffer.allocate(2_048);
        private final List<Sent> packets = new ArrayList<>();
        private final List<byte[]> feedbacks = new ArrayList<>();
        private long now = MILLI;
        private long timestamp;
        private long sum;

        Rtp() {
            RtpSenderConfig.Repair repair = new RtpSenderConfig.Repair.Rtx(SSRC + 1, 97);
            handle = sender.addSender(
                    new RtpSenderConfig(SSRC, "v", 9, 96, Codec.VP8, false, 90_000, true, true, true, repair));
            receiver.addReceiver(new RtpReceiverConfig(
                    "v", 9, Map.of(96, Codec.VP8), Map.of(97, 96), Set.of(), List.of(SSRC), 90_000, true, true));
            sender.numberTransportWide(handle, TRANSPORT_ID);
            receiver.tellArrivals(TRANSPORT_ID);
            sender.paceAtLeast(400_000_000);
            sender.sendAtMost(400_000_000);
        }

        void print() throws Exception {
            new CostTable("frame of " + FRAME_BYTES + " bytes", FRAMES)
                    .floor("its bytes copied", this::copies)
                    .line("packetised", this::packetise)
                    .line("put together again, arrivals told", this::assemble)
                    .line("the feedback about it read", this::read)
                    .line("and the estimate made", this::estimate)
                    .print();
        }

        private void copies() {
            for (int i = 0; i < FRAMES; i++) {
                frame.get(0, copy);
                sum += copy[i];
            }
        }

        private void packetise() {
            packets.clear();
            for (int i = 0; i < FRAMES; i++) {
                frame.put(0, (byte) 0x10); // a key frame of VP8
                timestamp += 3_000;
                sender.sendFrame(now, handle, frame.duplicate(), timestamp);
                for (int waited = 0; waited < 40; waited++) {
                    for (RtpTransmit sent = sender.pollTransmit(now, lent.clear());
                            sent != null;
                            sent = sender.pollTransmit(now, lent.clear())) {
                        if (!sent.rtcp()) {
                            byte[] packet = new byte[sent.lengthBytes()];
                            lent.get(0, packet);
                            packets.add(new Sent(now, packet));
                        }
                    }
                    now += MILLI;
                }
            }
        }

        private void assemble() {
            int frames = 0;
            feedbacks.clear();
            for (Sent packet : packets) {
                receiver.handleRtp(packet.atNanos, ByteBuffer.wrap(packet.bytes));
                for (RtpEvent event = receiver.pollEvent(); event != null; event = receiver.pollEvent()) {
                    frames += event instanceof RtpEvent.FrameReceived ? 1 : 0;
                }
                receiver.handleTimeout(packet.atNanos);
                report(packet.atNanos);
            }
            report(now);
            if (frames != FRAMES) {
                throw new IllegalStateException(frames + " frames of " + FRAMES);
            }
        }

        private void report(long atNanos) {
            for (RtpTransmit sent = receiver.pollTransmit(atNanos, lent.clear());
                    sent != null;
                    sent = receiver.pollTransmit(atNanos, lent.clear())) {
                byte[] report = new byte[sent.lengthBytes()];
                lent.get(0, report);
                feedbacks.add(report);
            }
        }

        private void read() {
            for (byte[] feedback : feedbacks) {
                RtcpCompound compound = RtcpReader.parse(ByteBuffer.wrap(feedback));
                sum += compound.packets().size();
            }
        }

        private void estimate() {
            for (byte[] feedback : feedbacks) {
                sender.handleRtcp(now, ByteBuffer.wrap(feedback));
            }
        }
    }
}
