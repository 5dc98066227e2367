package dev.nearhand.transport.stun;

import java.util.random.RandomGenerator;

/// The 96 bits that tie a response to its request.
public record TransactionId(int high, long low) {
    /// A new one. Off-path attackers must not guess it, so `random` should be cryptographic in production.
    public static TransactionId random(RandomGenerator random) {
        return new TransactionId(random.nextInt(), random.nextLong());
    }
}
