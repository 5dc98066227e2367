package dev.nearhand.transport.sctp;

/// How long the sender keeps trying to deliver a message (RFC 3758, RFC 7496).
public sealed interface Reliability {
    /// Until it arrives or the association ends.
    record Reliable() implements Reliability {}

    /// A fragment is sent again at most `count` times; 0 sends it once.
    record MaxRetransmits(int count) implements Reliability {
        public MaxRetransmits {
            if (count < 0) {
                throw new IllegalArgumentException("retransmissions cannot be negative: " + count);
            }
        }
    }

    /// Nothing of the message is sent, for the first time or again, later than `millis` after it was handed over.
    record MaxLifetime(long millis) implements Reliability {
        public MaxLifetime {
            if (millis < 0) {
                throw new IllegalArgumentException("a lifetime cannot be negative: " + millis);
            }
        }
    }

    Reliability RELIABLE = new Reliable();
}
