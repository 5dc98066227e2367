package dev.nearhand.app.signaling;

import dev.nearhand.app.json.RecordCodec;

/// What a host and a rendezvous say to each other on the host's one WebSocket (docs/protocol.md). Viewers need none of
/// it: towards them a rendezvous is as a host's own listener.
///
/// A *visit* is one WebSocket of a viewer; its number is used once.
public sealed interface RelayMessage {
    /// Of this exchange.
    int VERSION = 1;

    /// A [SignalMessage] of the largest size in quotes, each of its quotes and backslashes escaped.
    int LIMIT_BYTES = 2 * SignalMessage.LIMIT_BYTES + 1024;

    RecordCodec<RelayMessage> CODEC = new RecordCodec<>(RelayMessage.class, LIMIT_BYTES);

    /// Host, first: wants to be found.
    ///
    /// @param number under which it was found before, or empty
    /// @param key a secret of the host: only who has it gets the same number again
    record Register(int version, String number, String key) implements RelayMessage {
        static final int KEY_LENGTH_LIMIT = 64;

        public Register {
            require(version >= 1);
            require(number.isEmpty() || HostNumber.isOne(number));
            require(key.length() >= 22 && key.length() <= KEY_LENGTH_LIMIT);
        }

        /// Says no secret.
        @Override
        public String toString() {
            return "Register[version=" + version + "]";
        }
    }

    /// Rendezvous: viewers find the host under this number.
    record Registered(String number) implements RelayMessage {
        public Registered {
            require(HostNumber.isOne(number));
        }
    }

    /// Rendezvous, last: no.
    ///
    /// @param message a sentence for a person
    record Rejected(String message) implements RelayMessage {
        public Rejected {
            require(message.length() <= 500);
        }
    }

    /// Rendezvous: a viewer is there.
    record Arrived(long visit) implements RelayMessage {
        public Arrived {
            require(visit >= 0);
        }
    }

    /// Rendezvous: a viewer has said this, whatever it is.
    record From(long visit, String message) implements RelayMessage {
        public From {
            require(visit >= 0);
        }

        /// Says nothing of the message.
        @Override
        public String toString() {
            return "From[" + visit + "]";
        }
    }

    /// Rendezvous: a viewer is gone.
    record Left(long visit) implements RelayMessage {
        public Left {
            require(visit >= 0);
        }
    }

    /// Host: this goes to a viewer.
    ///
    /// @param last the viewer's WebSocket is closed after it
    record To(long visit, String message, boolean last) implements RelayMessage {
        public To {
            require(visit >= 0);
        }

        /// Says nothing of the message.
        @Override
        public String toString() {
            return "To[" + visit + "]";
        }
    }

    /// Host: the WebSocket of that viewer is to be closed.
    record Dismiss(long visit) implements RelayMessage {
        public Dismiss {
            require(visit >= 0);
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("out of its range");
        }
    }
}
