package dev.nearhand.capture.codec;

/// What an encoder is made for.
///
/// @param width pixels, 1–[#SIDE_LIMIT]; odd sizes are encoded to the last row and column, which H.264
/// shows twice
/// @param targetBitrateBps bits a second to begin with
/// @param framesPerSecond what the bitrate is divided among; frames may come later and at any distance
public record EncoderConfig(int width, int height, int targetBitrateBps, int framesPerSecond) {
    /// The longest side of a picture, by the 14 bits of RFC 6386 section 9.1.
    public static final int SIDE_LIMIT = 16_383;

    /// The lowest and the highest target, in bits a second; what lies outside is moved to the nearer one.
    public static final int LOWEST_BITRATE_BPS = 50_000;

    public static final int HIGHEST_BITRATE_BPS = 200_000_000;

    public EncoderConfig {
        if (width < 1 || height < 1 || width > SIDE_LIMIT || height > SIDE_LIMIT) {
            throw new IllegalArgumentException(
                    "no picture of " + width + "x" + height + ", only up to " + SIDE_LIMIT + " a side");
        }
        if (framesPerSecond < 1 || framesPerSecond > 240) {
            throw new IllegalArgumentException("framesPerSecond must be 1 to 240, not " + framesPerSecond);
        }
        targetBitrateBps = Math.clamp(targetBitrateBps, LOWEST_BITRATE_BPS, HIGHEST_BITRATE_BPS);
    }

    /// 8 Mbit/s at 30 frames a second.
    public static EncoderConfig ofSize(int width, int height) {
        return new EncoderConfig(width, height, 8_000_000, 30);
    }

    public EncoderConfig withTargetBitrateBps(int bitrate) {
        return new EncoderConfig(width, height, bitrate, framesPerSecond);
    }
}
