package dev.nearhand.app.signaling;

import dev.nearhand.app.json.RecordCodec;

/// What viewer and host say on the WebSocket before they are connected (docs/protocol.md). Each constructor refuses
/// what no honest program sends.
public sealed interface SignalMessage {
    /// Of this exchange.
    int VERSION = 1;

    /// The largest message; an offer with many candidates has some 5 KiB.
    int LIMIT_BYTES = 64 * 1024;

    RecordCodec<SignalMessage> CODEC = new RecordCodec<>(SignalMessage.class, LIMIT_BYTES);

    /// Viewer, first: lets itself in with the code.
    ///
    /// @param code digits; anything between them does not count
    /// @param name what the person at the host is shown
    record Join(int version, String code, String name) implements SignalMessage {
        public Join {
            require(version >= 1 && code.length() <= 64 && name.length() <= 200);
        }

        /// Says neither code nor name.
        @Override
        public String toString() {
            return "Join[version=" + version + "]";
        }
    }

    /// Host: the code was right; the person there is being asked.
    record Asking() implements SignalMessage {}

    /// Host, last: no.
    ///
    /// @param cause one of [Refusal]'s names; unknown ones are shown as `message`
    /// @param message a sentence for a person
    record Refused(String cause, String message) implements SignalMessage {
        public Refused {
            require(cause.length() <= 40 && message.length() <= 500);
        }
    }

    /// Host: the person there has agreed.
    record Offer(String sdp) implements SignalMessage {
        public Offer {
            require(!sdp.isEmpty());
        }

        /// Says no address.
        @Override
        public String toString() {
            return "Offer[" + sdp.length() + " characters]";
        }
    }

    /// Viewer: the answer to the offer.
    record Answer(String sdp) implements SignalMessage {
        public Answer {
            require(!sdp.isEmpty());
        }

        /// Says no address.
        @Override
        public String toString() {
            return "Answer[" + sdp.length() + " characters]";
        }
    }

    /// Either, after its description: one more way to reach it (RFC 8838).
    ///
    /// @param candidate as in its attribute: `candidate:…`; empty when there will be no more for now
    /// @param mid the name of the section that it belongs to
    record Candidate(String candidate, String mid) implements SignalMessage {
        public static final int LENGTH_LIMIT = 1000;

        public Candidate {
            require(candidate.length() <= LENGTH_LIMIT && mid.length() <= 64);
        }

        /// Says no address.
        @Override
        public String toString() {
            return "Candidate[" + (candidate.isEmpty() ? "end" : "one") + "]";
        }
    }

    /// Viewer, first instead of [Join]: comes back into its session, whose connection is lost.
    ///
    /// @param ticket what the host has given to it through the connection
    record Rejoin(int version, String ticket) implements SignalMessage {
        public Rejoin {
            require(version >= 1 && !ticket.isEmpty() && ticket.length() <= 64);
        }

        /// Says no secret.
        @Override
        public String toString() {
            return "Rejoin[version=" + version + "]";
        }
    }

    /// Host: it is that session; candidates and [Restart] are taken.
    record Rejoined() implements SignalMessage {}

    /// Viewer, after [Rejoined]: the host shall make another offer.
    record Restart() implements SignalMessage {}

    /// Either, after [Rejoined], last: it does not want to connect again.
    ///
    /// @param reason a sentence for a person; may be empty
    record Bye(String reason) implements SignalMessage {
        public Bye {
            require(reason.length() <= 500);
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("out of its range");
        }
    }
}
