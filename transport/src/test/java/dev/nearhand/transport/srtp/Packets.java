package dev.nearhand.transport.srtp;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Packets for the tests of this package.
final class Packets {
    /// What a protected packet may take beyond the plain one.
    static final int ROOM = 32;

    private Packets() {}

    static ByteBuffer rtp(int sequence, int ssrc, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(12 + payload.length + ROOM);
        packet.put((byte) 0x80)
                .put((byte) 96)
                .putShort((short) sequence)
                .putInt(3_000)
                .putInt(ssrc);
        return packet.put(payload).flip();
    }

    static ByteBuffer rtcp(int ssrc) {
        ByteBuffer packet = ByteBuffer.allocate(8 + ROOM);
        return packet.putInt(0x80C90001).putInt(ssrc).flip();
    }

    /// The bytes, with capacity behind them.
    static ByteBuffer room(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return ByteBuffer.allocate(bytes.length + ROOM).put(bytes).flip();
    }

    static ByteBuffer copy(ByteBuffer packet) {
        return ByteBuffer.allocate(packet.remaining() + ROOM)
                .put(packet.duplicate())
                .flip();
    }

    static String hex(ByteBuffer packet) {
        return HexFormat.of().formatHex(bytes(packet));
    }

    static byte[] bytes(ByteBuffer packet) {
        byte[] bytes = new byte[packet.remaining()];
        packet.get(packet.position(), bytes);
        return bytes;
    }
}
