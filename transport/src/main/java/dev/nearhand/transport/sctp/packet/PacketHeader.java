package dev.nearhand.transport.sctp.packet;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The common header of a packet ([RFC 9260 section 3.1](https://www.rfc-editor.org/rfc/rfc9260#section-3.1)) and
/// its checksum (appendix A): CRC32c over the packet with a checksum of zero, least significant byte first.
public final class PacketHeader {
    public static final int BYTES = 12;

    private static final int CHECKSUM_OFFSET = 8;
    private static final byte[] ZERO_CHECKSUM = new byte[4];

    private PacketHeader() {}

    /// Whether the remaining bytes are long enough for a packet and carry the right checksum.
    public static boolean isValid(ByteBuffer packet) {
        return isLongEnough(packet) && checksum(packet) == packet.getInt(packet.position() + CHECKSUM_OFFSET);
    }

    /// The same, but a checksum of zero is taken for a right one, as
    /// [RFC 9653](https://www.rfc-editor.org/rfc/rfc9653) has it where something below finds errors.
    public static boolean isValidOrUnchecked(ByteBuffer packet) {
        return isLongEnough(packet) && isUnchecked(packet) || isValid(packet);
    }

    /// Whether the checksum is zero; of a packet that is long enough.
    public static boolean isUnchecked(ByteBuffer packet) {
        return packet.getInt(packet.position() + CHECKSUM_OFFSET) == 0;
    }

    private static boolean isLongEnough(ByteBuffer packet) {
        return packet.remaining() >= BYTES + Chunk.HEADER_BYTES;
    }

    public static int sourcePort(ByteBuffer packet) {
        return packet.getShort(packet.position()) & 0xFFFF;
    }

    public static int destinationPort(ByteBuffer packet) {
        return packet.getShort(packet.position() + 2) & 0xFFFF;
    }

    public static int verificationTag(ByteBuffer packet) {
        return packet.getInt(packet.position() + 4);
    }

    /// Writes a header with a checksum of zero, which [#seal] may replace.
    public static void write(ByteWriter out, int sourcePort, int destinationPort, int verificationTag) {
        out.u16(sourcePort).u16(destinationPort).i32(verificationTag).i32(0);
    }

    /// Computes the checksum of the packet between position and limit, and puts it in.
    public static void seal(ByteBuffer packet) {
        packet.putInt(packet.position() + CHECKSUM_OFFSET, checksum(packet));
    }

    private static int checksum(ByteBuffer packet) {
        int start = packet.position();
        CRC32C crc = new CRC32C();
        crc.update(packet.slice(start, CHECKSUM_OFFSET));
        crc.update(ZERO_CHECKSUM);
        crc.update(packet.slice(start + BYTES, packet.remaining() - BYTES));
        int value = (int) crc.getValue();
        return packet.order() == ByteOrder.BIG_ENDIAN ? Integer.reverseBytes(value) : value;
    }
}
