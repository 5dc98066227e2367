package dev.nearhand.planted.cli;

import org.bouncycastle.crypto.CipherParameters;

/// Planted: cryptography in the application.
public record UsesBouncyCastle(CipherParameters parameters) {}
