package dev.nearhand.transport.dtls;

/// What the handshake agreed on for SRTP and exported for it (RFC 5764 section 4.2).
///
/// Holds secrets: [#toString] shows none of them. The arrays are not copied; whoever gets them leaves them as they are.
///
/// @param profile the registered number of the protection profile, see [#AES128_CM_HMAC_SHA1_80] and
///     [#AEAD_AES_128_GCM]
/// @param clientKey the master key of what the DTLS client sends
/// @param serverKey the master key of what the DTLS server sends
public record SrtpKeys(int profile, byte[] clientKey, byte[] serverKey, byte[] clientSalt, byte[] serverSalt) {
    /// RFC 5764 section 4.1.2: a key of 16 bytes, a salt of 14.
    public static final int AES128_CM_HMAC_SHA1_80 = 0x0001;

    /// RFC 7714 section 14.2: a key of 16 bytes, a salt of 12.
    public static final int AEAD_AES_128_GCM = 0x0007;

    /// The label under which the key material is exported (RFC 5764 section 4.2).
    public static final String EXPORTER_LABEL = "EXTRACTOR-dtls_srtp";

    private static final int KEY_BYTES = 16;

    /// Cuts the exported block: client key, server key, client salt, server salt.
    ///
    /// @param material at least [#materialBytes] bytes
    public static SrtpKeys split(int profile, byte[] material) {
        int salt = saltBytes(profile);
        return new SrtpKeys(
                profile,
                part(material, 0, KEY_BYTES),
                part(material, KEY_BYTES, KEY_BYTES),
                part(material, 2 * KEY_BYTES, salt),
                part(material, 2 * KEY_BYTES + salt, salt));
    }

    /// How many bytes to export for a profile.
    public static int materialBytes(int profile) {
        return 2 * (KEY_BYTES + saltBytes(profile));
    }

    private static int saltBytes(int profile) {
        return switch (profile) {
            case AES128_CM_HMAC_SHA1_80 -> 14;
            case AEAD_AES_128_GCM -> 12;
            default -> throw new IllegalArgumentException("no SRTP profile of ours: " + profile);
        };
    }

    private static byte[] part(byte[] material, int from, int length) {
        byte[] part = new byte[length];
        System.arraycopy(material, from, part, 0, length);
        return part;
    }

    @Override
    public String toString() {
        return "SrtpKeys[profile=" + profile + "]";
    }
}
