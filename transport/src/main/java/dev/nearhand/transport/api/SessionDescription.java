package dev.nearhand.transport.api;

/// An offer or an answer, as it travels to the other side (RFC 9429 section 4.1.2).
///
/// @param sdp the text of RFC 8866, as WebRTC programs write it
public record SessionDescription(Type type, String sdp) {
    /// Which half of the exchange a description is.
    public enum Type {
        OFFER,
        ANSWER
    }

    public static SessionDescription offer(String sdp) {
        return new SessionDescription(Type.OFFER, sdp);
    }

    public static SessionDescription answer(String sdp) {
        return new SessionDescription(Type.ANSWER, sdp);
    }

    /// Says the type only: the text holds addresses and keys, which must not reach a log.
    @Override
    public String toString() {
        return "SessionDescription[" + type + ", " + sdp.length() + " characters]";
    }
}
