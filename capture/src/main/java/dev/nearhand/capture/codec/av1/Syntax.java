package dev.nearhand.capture.codec.av1;

/// The part of `sequence_header_obu()` in front of the size: AV1 bitstream specification, section 5.5.1.
final class Syntax {
    static final int SEQUENCE_HEADER = 1;

    /// From this level on a tier is named.
    private static final int LEVEL_WITH_TIER = 8;

    private Syntax() {}

    static void skipToSize(Bits bits) {
        bits.skip(3 + 1); // seq_profile, still_picture
        if (bits.flag()) { // reduced_still_picture_header
            bits.skip(5); // seq_level_idx
            return;
        }
        int delayBits = bits.flag() ? skipTiming(bits) : 0;
        boolean displayDelays = bits.flag();
        int points = (int) bits.read(5) + 1;
        for (int point = 0; point < points; point++) {
            bits.skip(12); // operating_point_idc
            if (bits.read(5) >= LEVEL_WITH_TIER) {
                bits.skip(1); // seq_tier
            }
            if (delayBits > 0 && bits.flag()) {
                bits.skip(2 * delayBits + 1); // operating_parameters_info()
            }
            if (displayDelays && bits.flag()) {
                bits.skip(4); // initial_display_delay_minus_1
            }
        }
    }

    /// `timing_info()` and `decoder_model_info()`.
    ///
    /// @return the length of a delay in bits; 0 when there is no decoder model
    private static int skipTiming(Bits bits) {
        bits.skip(32 + 32); // num_units_in_display_tick, time_scale
        if (bits.flag()) { // equal_picture_interval
            skipVariableLength(bits);
        }
        if (!bits.flag()) { // decoder_model_info_present_flag
            return 0;
        }
        int delayBits = (int) bits.read(5) + 1;
        bits.skip(32 + 5 + 5); // num_units_in_decoding_tick, lengths of two times
        return delayBits;
    }

    /// `uvlc()`, section 4.10.3.
    private static void skipVariableLength(Bits bits) {
        int zeros = 0;
        while (!bits.flag()) {
            zeros++;
            if (bits.isTruncated()) {
                return;
            }
        }
        if (zeros < 32) {
            bits.skip(zeros);
        }
    }
}
