package dev.nearhand.planted.session;

import io.netty.buffer.ByteBuf;

/// Planted: Netty's buffers outside the listener.
public record UsesNetty(ByteBuf bytes) {}
