package dev.nearhand.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/// Cuts the stream of a TURN server into messages: STUN messages say how long they are, and so do ChannelData messages,
/// which are padded to four bytes ([RFC 8656 section 12.5](https://www.rfc-editor.org/rfc/rfc8656#section-12.5)).
///
/// Anything else ends the connection: there is no way to find the next message.
final class TurnFrames extends ByteToMessageDecoder {
    private static final int LENGTH_OFFSET = 2;
    private static final int STUN_HEADER_BYTES = 20;
    private static final int CHANNEL_HEADER_BYTES = 4;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < CHANNEL_HEADER_BYTES) {
            return;
        }
        int kind = in.getUnsignedByte(in.readerIndex()) >> 6;
        int length = in.getUnsignedShort(in.readerIndex() + LENGTH_OFFSET);
        if (kind > 1) {
            in.skipBytes(in.readableBytes());
            throw new CorruptedFrameException("neither STUN nor ChannelData");
        }
        int whole = kind == 0 ? STUN_HEADER_BYTES + length : CHANNEL_HEADER_BYTES + (length + 3 & ~3);
        if (in.readableBytes() >= whole) {
            out.add(in.readRetainedSlice(whole));
        }
    }
}
