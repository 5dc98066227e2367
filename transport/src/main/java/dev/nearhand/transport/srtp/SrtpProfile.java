package dev.nearhand.transport.srtp;

/// The protection profiles that are spoken here, with the numbers they have in DTLS's use_srtp extension.
public enum SrtpProfile {
    /// AES in counter mode and an HMAC-SHA1 tag of 80 bits, RFC 5764 section 4.1.2.
    AES128_CM_HMAC_SHA1_80(0x0001, 14, 10),
    /// RFC 7714 section 14.2.
    AEAD_AES_128_GCM(0x0007, 12, 16);

    private static final int KEY_BYTES = 16;

    private final int id;
    private final int saltBytes;
    private final int tagBytes;

    SrtpProfile(int id, int saltBytes, int tagBytes) {
        this.id = id;
        this.saltBytes = saltBytes;
        this.tagBytes = tagBytes;
    }

    /// The profile with that number in use_srtp.
    ///
    /// @throws IllegalArgumentException when it is not one of ours, and so was never offered
    public static SrtpProfile of(int id) {
        for (SrtpProfile profile : values()) {
            if (profile.id == id) {
                return profile;
            }
        }
        throw new IllegalArgumentException("no SRTP profile of ours: " + id);
    }

    /// The number in use_srtp.
    public int id() {
        return id;
    }

    public int keyBytes() {
        return KEY_BYTES;
    }

    public int saltBytes() {
        return saltBytes;
    }

    /// By how much a packet of RTP grows; one of RTCP grows by four bytes more.
    public int tagBytes() {
        return tagBytes;
    }
}
