package dev.nearhand.planted.api;

import io.netty.buffer.ByteBuf;
import org.bouncycastle.crypto.digests.SHA256Digest;

public final class UsesEdgeLibraries {
    public int length(ByteBuf buffer) {
        return buffer.readableBytes() + new SHA256Digest().getDigestSize();
    }
}
