package dev.nearhand.transport.signaling;

import java.net.InetAddress;
import java.util.Map;

/// An HTTP request, as far as signaling looks at it.
///
/// @param path without the query
/// @param headers the first of each name, names in small letters
record Request(
        String method,
        String path,
        Map<String, String> headers,
        String body,
        InetAddress remote,
        boolean fromThisMachine) {
    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
