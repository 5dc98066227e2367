package dev.nearhand.transport.sdp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `a=fmtp`: parameters of a payload type (RFC 8866 section 6.15), as written.
public record Fmtp(int payloadType, String text) {
    private static final int MOST_PARAMETERS = 64;

    static @Nullable Fmtp parse(String value) {
        String stripped = value.strip();
        int blank = stripped.indexOf(' ');
        if (blank < 0) {
            return null;
        }
        int payloadType = (int) SdpText.number(stripped.substring(0, blank), PayloadFormat.LARGEST_TYPE);
        return payloadType < 0
                ? null
                : new Fmtp(payloadType, stripped.substring(blank + 1).strip());
    }

    /// The parameters by name in lower case; one without `=` has an empty value, of two with one name the first counts.
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : text.split(";", MOST_PARAMETERS + 1)) {
            int equals = part.indexOf('=');
            String name =
                    (equals < 0 ? part : part.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && parameters.size() < MOST_PARAMETERS) {
                parameters.putIfAbsent(
                        name, equals < 0 ? "" : part.substring(equals + 1).strip());
            }
        }
        return Map.copyOf(parameters);
    }

    public Attribute toAttribute() {
        return new Attribute("fmtp", payloadType + " " + text);
    }
}
