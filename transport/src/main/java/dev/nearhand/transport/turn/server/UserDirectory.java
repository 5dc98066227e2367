package dev.nearhand.transport.turn.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Who may use the server.
public interface UserDirectory {
    /// @param account whose quota it is
    record User(String account, String password) {
        /// Says no name and no password.
        @Override
        public String toString() {
            return "User";
        }
    }

    /// The user of that name, or null when there is none, or no longer.
    @Nullable
    User find(String username, Instant now);

    /// Users with passwords.
    static UserDirectory fixed(Map<String, String> passwordsByName) {
        Map<String, String> passwords = Map.copyOf(passwordsByName);
        return (username, _) -> {
            String password = passwords.get(username);
            return password == null ? null : new User(username, password);
        };
    }

    /// Time-limited credentials by a secret that is shared with who hands them out (the REST API for access to TURN
    /// services): the name is the Unix second at which they end, a colon and an account; the password is the name's
    /// HMAC-SHA1 in Base64.
    static UserDirectory timeLimited(String secret) {
        return (username, now) -> {
            int colon = username.indexOf(':');
            String ends = colon < 0 ? username : username.substring(0, colon);
            if (!isSecond(ends) || Long.parseLong(ends) < now.getEpochSecond()) {
                return null;
            }
            return new User(colon < 0 ? "" : username.substring(colon + 1), timeLimitedPassword(secret, username));
        };
    }

    /// The first of them that knows the user.
    static UserDirectory first(UserDirectory one, UserDirectory other) {
        return (username, now) -> {
            User found = one.find(username, now);
            return found == null ? other.find(username, now) : found;
        };
    }

    /// The password of a time-limited name.
    static String timeLimitedPassword(String secret, String username) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA1", impossible);
        }
    }

    private static boolean isSecond(String text) {
        return !text.isEmpty() && text.length() <= 12 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
