package dev.nearhand.planted.sctp;

import dev.nearhand.planted.netty.HandsOutByteBuf;

public final class DependsOnEdge {
    public HandsOutByteBuf edge() {
        return new HandsOutByteBuf();
    }
}
