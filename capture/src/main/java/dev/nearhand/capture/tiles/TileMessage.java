package dev.nearhand.capture.tiles;

import java.nio.ByteBuffer;

/// One message of the channel for tiles (docs/protocol.md): big-endian, the first byte says which.
public sealed interface TileMessage {
    /// Host: tiles are of this grid from now on, and none is known yet.
    ///
    /// @param epoch counts grids, 0 to 2³¹ − 1
    record Grid(int epoch, TileGrid grid) implements TileMessage {}

    /// Host: these rectangles look so as of a capture.
    ///
    /// @param number counts updates of an epoch from 1 on
    /// @param seq of the capture, 1 to 2⁵³ − 1
    /// @param raw rectangles one after the other, as [PatchCoder] writes them
    record Update(int epoch, int number, long seq, byte[] raw) implements TileMessage {}

    /// Host: parts of the picture moved, and these rectangles look so afterwards, as of a capture. Only to a viewer
    /// that knows it.
    ///
    /// @param number counts in one with the updates
    /// @param raw copies and the tiles that are exact afterwards, by [MoveCoder], and rectangles as above
    record Moves(int epoch, int number, long seq, byte[] raw) implements TileMessage {}

    /// Viewer: it has this update and all before it.
    record Ack(int epoch, int number) implements TileMessage {}

    /// The longest message, bytes.
    int SIZE_LIMIT = 64 * 1024;

    int GRID = 1;
    int UPDATE = 2;
    int ACK = 3;
    int MOVES = 4;

    /// Bytes before what an update says, of either kind.
    int UPDATE_HEADER = 1 + 4 + 4 + 8 + 4;

    static ByteBuffer encode(Grid grid) {
        return ByteBuffer.allocate(1 + 4 + 2 + 2 + 1)
                .put((byte) GRID)
                .putInt(grid.epoch())
                .putShort((short) grid.grid().width())
                .putShort((short) grid.grid().height())
                .put((byte) TileGrid.SIDE)
                .flip();
    }

    static ByteBuffer encode(Ack ack) {
        return ByteBuffer.allocate(1 + 4 + 4)
                .put((byte) ACK)
                .putInt(ack.epoch())
                .putInt(ack.number())
                .flip();
    }

    /// What an honest host sends.
    ///
    /// @param unpacking one for all messages of a channel
    /// @throws MalformedTilesException when it is something else
    static TileMessage decodeAtViewer(ByteBuffer message, Unpacking unpacking) throws MalformedTilesException {
        ByteBuffer in = message.duplicate();
        int length = in.remaining();
        int type = length == 0 ? 0 : in.get();
        if (type == GRID && length == 10) {
            int epoch = in.getInt();
            int width = in.getShort() & 0xffff;
            int height = in.getShort() & 0xffff;
            if (epoch < 0 || in.get() != TileGrid.SIDE || !TileGrid.fits(width, height)) {
                throw new MalformedTilesException("a grid that cannot be");
            }
            return new Grid(epoch, new TileGrid(width, height));
        }
        if ((type == UPDATE || type == MOVES) && length >= UPDATE_HEADER && length <= SIZE_LIMIT) {
            int epoch = in.getInt();
            int number = in.getInt();
            long seq = in.getLong();
            int rawLength = in.getInt();
            if (epoch < 0 || number < 1 || seq < 1 || seq > VideoMap.SEQ_LIMIT) {
                throw new MalformedTilesException("an update that cannot be");
            }
            byte[] raw = unpacking.unpack(in, rawLength);
            return type == UPDATE ? new Update(epoch, number, seq, raw) : new Moves(epoch, number, seq, raw);
        }
        throw new MalformedTilesException("no message for a viewer");
    }

    /// What an honest viewer sends.
    ///
    /// @throws MalformedTilesException when it is something else
    static Ack decodeAtHost(ByteBuffer message) throws MalformedTilesException {
        ByteBuffer in = message.duplicate();
        if (in.remaining() != 9 || in.get() != ACK) {
            throw new MalformedTilesException("no message for a host");
        }
        return new Ack(in.getInt(), in.getInt());
    }
}
