package dev.nearhand.transport.sdp;

import org.jspecify.annotations.Nullable;

/// `a=ssrc`: something about one source (RFC 5576 section 4.1).
///
/// @param ssrc 32 bits, as a raw `int`
/// @param attribute what is said about it: `cname`, `msid` …
public record SsrcAttribute(int ssrc, Attribute attribute) {
    static final long LARGEST_SSRC = 0xFFFF_FFFFL;

    static @Nullable SsrcAttribute parse(String value) {
        int blank = value.indexOf(' ');
        long ssrc = SdpText.number(blank < 0 ? value : value.substring(0, blank), LARGEST_SSRC);
        String rest = blank < 0 ? "" : value.substring(blank + 1).strip();
        return ssrc < 0 || rest.isEmpty() || rest.startsWith(":")
                ? null
                : new SsrcAttribute((int) ssrc, Attribute.read(rest));
    }

    public Attribute toAttribute() {
        return new Attribute("ssrc", Integer.toUnsignedString(ssrc) + " " + attribute.text());
    }
}
