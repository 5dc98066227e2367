package dev.nearhand.transport.rtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/// Parity as RFC 5109 section 8 has it, bit string by bit string: nothing of it is shared with what is tested.
final class ParityEncoder {
    private static final int STRING_BYTES = 10;

    private ParityEncoder() {}

    /// @param indices which packets, as distances from the base
    /// @param bytes how many of each are protected
    record LevelSpec(List<Integer> indices, int bytes) {}

    /// The payload of a parity packet.
    ///
    /// @param packets whole ones by their sequence numbers
    static byte[] encode(SortedMap<Integer, byte[]> packets, int base, boolean longMask, List<LevelSpec> levels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = new byte[STRING_BYTES];
        for (int index : levels.getFirst().indices()) {
            byte[] string = bitString(packets.get(base + index & 0xFFFF));
            for (int i = 0; i < STRING_BYTES; i++) {
                header[i] ^= string[i];
            }
        }
        // extension and long mask where the version was, and the base where the sequence number was
        header[0] = (byte) (header[0] & 0x3F | (longMask ? 0x40 : 0));
        header[2] = (byte) (base >> 8);
        header[3] = (byte) base;
        out.writeBytes(header);
        int offset = 12;
        for (LevelSpec level : levels) {
            long mask = 0;
            byte[] data = new byte[level.bytes()];
            for (int index : level.indices()) {
                mask |= 1L << (longMask ? 47 : 15) - index;
                byte[] padded = Arrays.copyOf(packets.get(base + index & 0xFFFF), 5_000);
                for (int i = 0; i < data.length; i++) {
                    data[i] ^= padded[offset + i];
                }
            }
            ByteBuffer head = ByteBuffer.allocate(longMask ? 8 : 4).putShort((short) data.length);
            if (longMask) {
                head.putShort((short) (mask >> 32)).putInt((int) mask);
            } else {
                head.putShort((short) mask);
            }
            out.writeBytes(head.array());
            out.writeBytes(data);
            offset += data.length;
        }
        return out.toByteArray();
    }

    /// "the first 64 bits of the RTP header" and 16 bits of the length behind its twelve bytes.
    private static byte[] bitString(byte[] packet) {
        return ByteBuffer.allocate(STRING_BYTES)
                .put(packet, 0, 8)
                .putShort((short) (packet.length - 12))
                .array();
    }

    /// One level over all bytes of some packets.
    static byte[] encode(
            SortedMap<Integer, byte[]> packets, int base, boolean longMask, List<Integer> indices, int extra) {
        int longest = indices.stream()
                .mapToInt(index -> packets.get(base + index & 0xFFFF).length - 12)
                .max()
                .orElseThrow();
        return encode(packets, base, longMask, List.of(new LevelSpec(indices, longest + extra)));
    }
}
