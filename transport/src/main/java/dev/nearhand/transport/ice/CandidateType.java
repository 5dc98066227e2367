package dev.nearhand.transport.ice;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a candidate came to be known (RFC 8445 section 5.1.1), with the type preference that section 5.1.2.2 recommends.
public enum CandidateType {
    HOST(126, 90),
    SRFLX(100, 70),
    PRFLX(110, 80),
    RELAY(0, 0);

    private final int preference;
    private final int tcpPreference;

    CandidateType(int preference, int tcpPreference) {
        this.preference = preference;
        this.tcpPreference = tcpPreference;
    }

    /// The type preference, 0–126.
    public int preference() {
        return preference;
    }

    /// The same of a TCP candidate: less than that of any direct UDP candidate, as what is lost holds up what follows.
    int tcpPreference() {
        return tcpPreference;
    }

    /// The word of a candidate line, such as `host`.
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable CandidateType ofToken(String token) {
        for (CandidateType type : values()) {
            if (type.name().equalsIgnoreCase(token)) {
                return type;
            }
        }
        return null;
    }
}
