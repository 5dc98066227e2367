package dev.nearhand.transport.sdp;

/// The `o=` line (RFC 8866 section 5.2): who made the description, and which version of it this is.
///
/// @param sessionId digits, of any length
/// @param version digits, of any length; grows with every change of the description
/// @param address network type, address type and address, as written: `IN IP4 127.0.0.1`
public record Origin(String username, String sessionId, String version, String address) {
    public Origin {
        for (String part : new String[] {username, sessionId, version}) {
            if (part.isEmpty() || part.indexOf(' ') >= 0) {
                throw new IllegalArgumentException("the first three parts of o= are words");
            }
            SdpText.requireOneLine(part);
        }
        SdpText.requireOneLine(address);
        if (address.isEmpty()) {
            throw new IllegalArgumentException("o= ends with an address");
        }
    }

    /// The form that tells no address (RFC 9429 section 5.2.1).
    public static Origin of(long sessionId, long version) {
        return new Origin("-", Long.toUnsignedString(sessionId), Long.toUnsignedString(version), "IN IP4 127.0.0.1");
    }

    String text() {
        return username + " " + sessionId + " " + version + " " + address;
    }
}
