package dev.nearhand.transport.ice;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Who opens the connection of a TCP candidate, with the direction preference of a host candidate ([RFC 6544 section
/// 4.2](https://www.rfc-editor.org/rfc/rfc6544#section-4.2)).
public enum TcpType {
    /// Its owner does.
    ACTIVE(6),
    /// The other side does.
    PASSIVE(4),
    /// Both do, at the same time. Understood, never paired.
    SO(2);

    static final String EXTENSION = "tcptype";

    /// "the local preference ... (2^13) * direction-pref + other-pref".
    private static final int OTHER_PREFERENCE_BITS = 13;

    private static final int MOST_OTHER_PREFERENCE = (1 << OTHER_PREFERENCE_BITS) - 1;

    private final int directionPreference;

    TcpType(int directionPreference) {
        this.directionPreference = directionPreference;
    }

    /// The word of a candidate line, such as `passive`.
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Who may be at the other end.
    TcpType counterpart() {
        return switch (this) {
            case ACTIVE -> PASSIVE;
            case PASSIVE -> ACTIVE;
            case SO -> SO;
        };
    }

    /// @param localPreference of the address, 0–65535; as far below the most as it is, so that addresses stay apart
    int localPreference(int localPreference) {
        int otherPreference = Math.max(0, MOST_OTHER_PREFERENCE - (0xFFFF - localPreference));
        return (directionPreference << OTHER_PREFERENCE_BITS) + otherPreference;
    }

    static @Nullable TcpType ofToken(@Nullable String token) {
        for (TcpType type : values()) {
            if (type.name().equalsIgnoreCase(token)) {
                return type;
            }
        }
        return null;
    }
}
