package dev.nearhand.transport.srtp;

import dev.nearhand.transport.wire.ReplayWindow;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// SRTP and SRTCP with one master key, in one direction: a connection has one to send and one to receive.
///
/// Packets are changed in place, from the buffer's position to its limit; the position stays, the limit moves. Keeps
/// the rollover counter and the replay window of each SSRC, at most [#MAX_SOURCES] of each kind; a packet from one more
/// is refused. Nothing is kept of a packet that is not authentic. Belongs to one thread. Does not re-key (RFC 3711
/// section
/// 8.1) and does not encrypt header extensions (RFC 6904).
public final class SrtpContext {
    /// How many SSRCs are told apart, of RTP and of RTCP each.
    public static final int MAX_SOURCES = 256;

    /// The longest packet that is taken.
    public static final int MAX_PACKET_BYTES = 65_535;

    private static final int RTP_HEADER_BYTES = 12;
    private static final int MAX_RTCP_INDEX = 0x7FFF_FFFF;

    private final int tagBytes;
    private final Supplier<SrtpTransform> derivation;
    private final Map<Integer, long[]> sentRtp = new HashMap<>();
    private final Map<Integer, int[]> sentRtcp = new HashMap<>();
    private final Map<Integer, ReplayWindow> receivedRtp = new HashMap<>();
    private final Map<Integer, ReplayWindow> receivedRtcp = new HashMap<>();
    private byte[] aside = new byte[0];
    private @Nullable SrtpTransform derived;

    /// @param masterKey as long as [SrtpProfile#keyBytes] says
    /// @param masterSalt as long as [SrtpProfile#saltBytes] says
    public SrtpContext(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
        this(profile, derivation(profile, masterKey, masterSalt));
    }

    SrtpContext(SrtpProfile profile, SrtpTransform transform) {
        this(profile, () -> transform);
    }

    private SrtpContext(SrtpProfile profile, Supplier<SrtpTransform> derivation) {
        this.tagBytes = profile.tagBytes();
        this.derivation = derivation;
    }

    /// Keys are derived with the first packet: a connection that carries data only, though it agrees on keys as all
    /// do, has no use for them.
    private SrtpTransform transform() {
        SrtpTransform made = derived;
        if (made == null) {
            made = derivation.get();
            derived = made;
        }
        return made;
    }

    private static Supplier<SrtpTransform> derivation(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
        if (masterKey.length != profile.keyBytes() || masterSalt.length != profile.saltBytes()) {
            throw new IllegalArgumentException(profile + " wants a key of " + profile.keyBytes() + " and a salt of "
                    + profile.saltBytes() + " bytes, not " + masterKey.length + " and " + masterSalt.length);
        }
        KeyDerivation keys = new KeyDerivation(masterKey, masterSalt);
        return switch (profile) {
            case AES128_CM_HMAC_SHA1_80 -> () -> AesCmTransform.derive(keys);
            case AEAD_AES_128_GCM -> () -> AesGcmTransform.derive(keys);
        };
    }

    /// Protects an RTP packet, sent for the first time or again. Needs [SrtpProfile#tagBytes] of capacity behind its
    /// limit.
    ///
    /// A packet that is sent again must be the same to the bit: under the same index nothing else may ever be
    /// encrypted.
    ///
    /// @return false when it is no RTP packet, or there are too many sources, or its key is used up
    public boolean protectRtp(ByteBuffer packet) {
        int headerBytes = rtpHeaderBytes(packet);
        if (headerBytes < 0 || packet.remaining() + tagBytes > MAX_PACKET_BYTES) {
            return false;
        }
        int ssrc = packet.getInt(packet.position() + 8);
        long[] newest = sentRtp.get(ssrc);
        if (newest == null) {
            if (sentRtp.size() >= MAX_SOURCES) {
                return false;
            }
            newest = new long[] {PacketIndex.UNKNOWN};
            sentRtp.put(ssrc, newest);
        }
        long index = PacketIndex.guess(newest[0], packet.getShort(packet.position() + 2) & 0xFFFF);
        if (index > PacketIndex.MAX) {
            return false;
        }
        newest[0] = Math.max(newest[0], index);
        int length = packet.remaining();
        byte[] bytes = open(packet, tagBytes);
        int sealed = transform().sealRtp(bytes, offset(packet, bytes), headerBytes, length, ssrc, index);
        close(packet, bytes, sealed);
        return true;
    }

    /// Checks and decrypts an RTP packet.
    ///
    /// @return null when the packet is plain now, or why it was refused, in which case it is as it was
    public @Nullable DropReason unprotectRtp(ByteBuffer packet) {
        if (packet.remaining() < RTP_HEADER_BYTES + tagBytes) {
            return DropReason.TOO_SHORT;
        }
        if (packet.remaining() > MAX_PACKET_BYTES) {
            return DropReason.TOO_LONG;
        }
        int headerBytes = rtpHeaderBytes(packet);
        if (headerBytes < 0 || packet.remaining() < headerBytes + tagBytes) {
            return DropReason.MALFORMED;
        }
        int sequence = packet.getShort(packet.position() + 2) & 0xFFFF;
        int ssrc = packet.getInt(packet.position() + 8);
        ReplayWindow window = receivedRtp.get(ssrc);
        if (window == null && receivedRtp.size() >= MAX_SOURCES) {
            return DropReason.TOO_MANY_SOURCES;
        }
        long newest = window == null ? PacketIndex.UNKNOWN : window.newest();
        long index = PacketIndex.guess(newest, sequence);
        DropReason replay = index > PacketIndex.MAX ? DropReason.TOO_OLD : replay(window, index);
        if (replay != null) {
            return replay;
        }
        int length = packet.remaining();
        byte[] bytes = open(packet, 0);
        int offset = offset(packet, bytes);
        int plain = transform().openRtp(bytes, offset, headerBytes, length, ssrc, index);
        if (plain < 0) {
            index = PacketIndex.secondGuess(newest, sequence);
            if (index == PacketIndex.UNKNOWN) {
                return DropReason.NOT_AUTHENTIC;
            }
            plain = transform().openRtp(bytes, offset, headerBytes, length, ssrc, index);
            if (plain < 0) {
                return DropReason.NOT_AUTHENTIC;
            }
        }
        accept(receivedRtp, window, ssrc, index);
        close(packet, bytes, plain);
        return null;
    }

    /// Protects a compound RTCP packet. Needs [SrtpProfile#tagBytes] and four bytes of capacity behind its limit.
    ///
    /// @return false when it is no RTCP packet, or there are too many sources, or its key is used up
    public boolean protectRtcp(ByteBuffer packet) {
        int length = packet.remaining();
        int grows = tagBytes + SrtpTransform.RTCP_INDEX_BYTES;
        if (length < SrtpTransform.RTCP_CLEAR_BYTES || length + grows > MAX_PACKET_BYTES) {
            return false;
        }
        int ssrc = packet.getInt(packet.position() + 4);
        int[] newest = sentRtcp.get(ssrc);
        if (newest == null) {
            if (sentRtcp.size() >= MAX_SOURCES) {
                return false;
            }
            newest = new int[1];
            sentRtcp.put(ssrc, newest);
        }
        if (newest[0] == MAX_RTCP_INDEX) {
            return false;
        }
        int index = ++newest[0];
        byte[] bytes = open(packet, grows);
        int sealed = transform().sealRtcp(bytes, offset(packet, bytes), length, ssrc, index);
        close(packet, bytes, sealed);
        return true;
    }

    /// Checks and decrypts an RTCP packet; one without the E bit is only checked.
    ///
    /// @return null when the packet is plain now, or why it was refused, in which case it is as it was
    public @Nullable DropReason unprotectRtcp(ByteBuffer packet) {
        int length = packet.remaining();
        if (length < SrtpTransform.RTCP_CLEAR_BYTES + SrtpTransform.RTCP_INDEX_BYTES + tagBytes) {
            return DropReason.TOO_SHORT;
        }
        if (length > MAX_PACKET_BYTES) {
            return DropReason.TOO_LONG;
        }
        if ((packet.get(packet.position()) & 0xC0) != 0x80) {
            return DropReason.MALFORMED;
        }
        int ssrc = packet.getInt(packet.position() + 4);
        ReplayWindow window = receivedRtcp.get(ssrc);
        if (window == null && receivedRtcp.size() >= MAX_SOURCES) {
            return DropReason.TOO_MANY_SOURCES;
        }
        byte[] bytes = open(packet, 0);
        int offset = offset(packet, bytes);
        int word = transform().rtcpIndexWord(bytes, offset, length);
        int index = word & ~SrtpTransform.ENCRYPTED_FLAG;
        DropReason replay = replay(window, index);
        if (replay != null) {
            return replay;
        }
        int plain = transform().openRtcp(bytes, offset, length, ssrc, word);
        if (plain < 0) {
            return DropReason.NOT_AUTHENTIC;
        }
        accept(receivedRtcp, window, ssrc, index);
        close(packet, bytes, plain);
        return null;
    }

    private static @Nullable DropReason replay(@Nullable ReplayWindow window, long index) {
        if (window == null) {
            return null;
        }
        if (window.isTooOld(index)) {
            return DropReason.TOO_OLD;
        }
        return window.hasSeen(index) ? DropReason.REPLAYED : null;
    }

    private static void accept(Map<Integer, ReplayWindow> windows, @Nullable ReplayWindow known, int ssrc, long index) {
        ReplayWindow window = known;
        if (window == null) {
            window = new ReplayWindow();
            windows.put(ssrc, window);
        }
        window.accept(index);
    }

    /// The bytes of the fixed header, the CSRCs and the extension, or -1 when this is no RTP packet.
    private static int rtpHeaderBytes(ByteBuffer packet) {
        int start = packet.position();
        int length = packet.remaining();
        if (length < RTP_HEADER_BYTES || (packet.get(start) & 0xC0) != 0x80) {
            return -1;
        }
        int first = packet.get(start);
        int headerBytes = RTP_HEADER_BYTES + 4 * (first & 0x0F);
        if ((first & 0x10) != 0) {
            if (length < headerBytes + 4) {
                return -1;
            }
            headerBytes += 4 + 4 * (packet.getShort(start + headerBytes + 2) & 0xFFFF);
        }
        return length < headerBytes ? -1 : headerBytes;
    }

    /// The array behind the packet, or one aside that holds a copy of it when there is none to work in.
    private byte[] open(ByteBuffer packet, int growsBytes) {
        int length = packet.remaining();
        if (packet.capacity() - packet.limit() < growsBytes) {
            throw new IllegalArgumentException("a protected packet needs " + growsBytes + " bytes behind its limit");
        }
        if (packet.hasArray()) {
            return packet.array();
        }
        if (aside.length < length + growsBytes) {
            aside = new byte[length + growsBytes];
        }
        packet.get(packet.position(), aside, 0, length);
        return aside;
    }

    private int offset(ByteBuffer packet, byte[] bytes) {
        return isAside(bytes) ? 0 : packet.arrayOffset() + packet.position();
    }

    private void close(ByteBuffer packet, byte[] bytes, int length) {
        packet.limit(packet.position() + length);
        if (isAside(bytes)) {
            packet.put(packet.position(), aside, 0, length);
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isAside(byte[] bytes) {
        return bytes == aside;
    }
}
