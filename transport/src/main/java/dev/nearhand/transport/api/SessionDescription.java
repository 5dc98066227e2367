package dev.nearhand.transport.api;

/// An offer or an answer, as it travels to the other side (RFC 9429 section 4.1.8).
///
/// @param sdp the text of RFC 8866, as WebRTC programs write it; empty for a rollback
public record SessionDescription(Type type, String sdp) {
    /// What a description is in the exchange.
    public enum Type {
        OFFER,
        /// An answer that may be followed by another one.
        PRANSWER,
        ANSWER,
        /// Takes back the offer that stands, of whichever side it is.
        ROLLBACK
    }

    public static SessionDescription offer(String sdp) {
        return new SessionDescription(Type.OFFER, sdp);
    }

    public static SessionDescription answer(String sdp) {
        return new SessionDescription(Type.ANSWER, sdp);
    }

    public static SessionDescription provisionalAnswer(String sdp) {
        return new SessionDescription(Type.PRANSWER, sdp);
    }

    public static SessionDescription rollback() {
        return new SessionDescription(Type.ROLLBACK, "");
    }

    /// Says the type only: the text holds addresses and keys, which must not reach a log.
    @Override
    public String toString() {
        return "SessionDescription[" + type + ", " + sdp.length() + " characters]";
    }
}
