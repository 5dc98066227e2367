package dev.nearhand.transport.ice;

import java.util.random.RandomGenerator;

/// The user name fragment and the password of one side (RFC 8445 section 5.3, RFC 8839 section 5.4).
///
/// @param ufrag 4–256 ice-chars
/// @param pwd 22–256 ice-chars
public record IceCredentials(String ufrag, String pwd) {
    private static final String ICE_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int UFRAG_LENGTH = 8;
    private static final int PWD_LENGTH = 24;
    private static final int MAX_LENGTH = 256;

    public IceCredentials {
        if (!isValid(ufrag, pwd)) {
            throw new IllegalArgumentException("ICE credentials of " + ufrag.length() + " and " + pwd.length()
                    + " characters: 4-256 and 22-256 of letters, digits, + and / are needed");
        }
    }

    /// New ones: 48 and 144 random bits.
    ///
    /// @param secrets a generator that nobody can predict
    public static IceCredentials generate(RandomGenerator secrets) {
        return new IceCredentials(iceChars(UFRAG_LENGTH, secrets), iceChars(PWD_LENGTH, secrets));
    }

    /// Whether the two may be credentials; for descriptions, which are checked before they become one.
    public static boolean isValid(String ufrag, String pwd) {
        return isIceText(ufrag, 4) && isIceText(pwd, 22);
    }

    private static boolean isIceText(String text, int minLength) {
        // - and _ are not ice-chars, yet there are implementations whose fragments hold them
        return text.length() >= minLength
                && text.length() <= MAX_LENGTH
                && text.chars().allMatch(c -> ICE_CHARS.indexOf(c) >= 0 || c == '-' || c == '_' || c == '=');
    }

    private static String iceChars(int length, RandomGenerator secrets) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ICE_CHARS.charAt(secrets.nextInt(ICE_CHARS.length())));
        }
        return text.toString();
    }

    /// Without the password.
    @Override
    public String toString() {
        return "IceCredentials[" + ufrag + "]";
    }
}
