package dev.nearhand.planted.ice;

import org.bouncycastle.crypto.digests.SHA256Digest;

public final class UsesBouncyCastle {
    public String name() {
        return new SHA256Digest().getAlgorithmName();
    }
}
