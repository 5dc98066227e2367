package dev.nearhand.planted.ice;

import io.netty.buffer.ByteBuf;

public final class UsesNetty {
    public int length(ByteBuf buffer) {
        return buffer.readableBytes();
    }
}
