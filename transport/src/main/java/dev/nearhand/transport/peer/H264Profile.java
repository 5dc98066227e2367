package dev.nearhand.transport.peer;

import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `profile-level-id` of H.264 (RFC 6184 section 8.1): the three bytes of a sequence parameter set that say what a
/// decoder must be able to do.
///
/// @param name sub-profiles that the standard treats as one are one here (RFC 6184 table 5)
/// @param profile the first two bytes as written, which an answer repeats
/// @param level ten times the level: 31 is 3.1; level 1b is 9, as in profiles that write it so
record H264Profile(Name name, int profile, int level) {
    /// Profiles that WebRTC programs use.
    enum Name {
        CONSTRAINED_BASELINE,
        BASELINE,
        MAIN,
        HIGH
    }

    /// What a format means that names none: Baseline, level 1.
    static final String DEFAULT = "42000a";

    static final String PARAMETER = "profile-level-id";
    static final String ASYMMETRY = "level-asymmetry-allowed";

    /// The highest level that we say we take, 5.2: 4K at 60 frames a second.
    static final int OUR_LEVEL = 52;

    private static final int CONSTRAINT_SET_1 = 0x40;
    private static final int CONSTRAINT_SET_3 = 0x10;
    private static final int LEVEL_1B = 9;
    private static final int LEVEL_1_1 = 11;

    /// Null when it cannot be read or is no profile that is known here.
    static @Nullable H264Profile of(Map<String, String> parameters) {
        String text = parameters.getOrDefault(PARAMETER, DEFAULT);
        if (text.length() != 6 || !text.chars().allMatch(HexFormat::isHexDigit)) {
            return null;
        }
        int value = HexFormat.fromHexDigits(text);
        int idc = value >> 16;
        int constraints = value >> 8 & 0xFF;
        Name name =
                switch (idc) {
                    case 0x42 -> (constraints & CONSTRAINT_SET_1) != 0 ? Name.CONSTRAINED_BASELINE : Name.BASELINE;
                    case 0x4D -> (constraints & 0x80) != 0 ? Name.CONSTRAINED_BASELINE : Name.MAIN;
                    case 0x58 -> (constraints & 0xC0) == 0xC0 ? Name.CONSTRAINED_BASELINE : null;
                    case 0x64 -> Name.HIGH;
                    default -> null;
                };
        if (name == null) {
            return null;
        }
        boolean is1b = (value & 0xFF) == LEVEL_1_1 && name != Name.HIGH && (constraints & CONSTRAINT_SET_3) != 0;
        return new H264Profile(name, value >> 8, is1b ? LEVEL_1B : value & 0xFF);
    }

    /// What we answer: the same profile, and our own level where each side may have its own, else the lower of both
    /// (RFC 6184 section 8.2.2).
    String answered(boolean asymmetryAllowed) {
        int answered = asymmetryAllowed ? OUR_LEVEL : Math.min(level, OUR_LEVEL);
        boolean is1b = answered == LEVEL_1B && name != Name.HIGH;
        return HexFormat.of().toHexDigits((long) profile << 8 | (is1b ? LEVEL_1_1 : answered), 6);
    }
}
