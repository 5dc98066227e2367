package dev.nearhand.transport.signaling;

import java.util.Locale;

/// What travels in bodies.
final class MediaTypes {
    static final String SDP = "application/sdp";
    static final String FRAGMENT = "application/trickle-ice-sdpfrag";

    /// More than any description of a few tracks: larger ones are refused, by the server and by the client.
    static final int LIMIT_BYTES = 64 << 10;

    private MediaTypes() {}

    /// Whether a `Content-Type` says `type`, with parameters or without.
    static boolean is(String contentType, String type) {
        int end = contentType.indexOf(';');
        String bare = end < 0 ? contentType : contentType.substring(0, end);
        return bare.strip().toLowerCase(Locale.ROOT).equals(type);
    }
}
