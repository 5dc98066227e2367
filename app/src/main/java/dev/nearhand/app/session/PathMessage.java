package dev.nearhand.app.session;

/// What both sides tell each other so that their connection finds a path: before it stands by the signaling, later
/// through the connection itself or by the signaling again.
public sealed interface PathMessage {
    /// Host: where it can be reached, and how the connection shall be; once more to look for a path anew.
    record Offer(String sdp) implements PathMessage {
        /// Says no address.
        @Override
        public String toString() {
            return "Offer[" + sdp.length() + " characters]";
        }
    }

    /// Viewer: the answer to an offer.
    record Answer(String sdp) implements PathMessage {
        /// Says no address.
        @Override
        public String toString() {
            return "Answer[" + sdp.length() + " characters]";
        }
    }

    /// Either: one more way to reach this side (RFC 8838).
    ///
    /// @param candidate as in its attribute: `candidate:…`; empty when there will be no more for now
    /// @param mid the name of the section that it belongs to
    record Candidate(String candidate, String mid) implements PathMessage {
        /// Says no address.
        @Override
        public String toString() {
            return "Candidate[" + (candidate.isEmpty() ? "end" : "one") + "]";
        }
    }

    /// Viewer: the path is lost, the host shall make another offer.
    record Restart() implements PathMessage {}
}
