package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.VideoCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a receiver tells of a film: how many frames it has decoded, and the colours in the middle of the four quarters
/// of the last one. A program that cannot decode tells instead which of the frames, as it put them together from
/// packets, are byte for byte ones of the recording.
///
/// @param colours red, green and blue of each quarter; empty where nothing is decoded
/// @param intact how many frames are ones of the recording; 0 where they are decoded
record Picture(int frames, int width, int height, List<int[]> colours, int intact) {
    static final int FRAMES = 30;

    private static final int[][] QUARTERS = {{220, 40, 40}, {40, 200, 60}, {40, 70, 220}, {230, 220, 60}};

    /// A decoder, a different matrix of colours and a scaled picture may be off by so much, the quarters differ by far
    /// more.
    private static final int TOLERANCE = 60;

    static Picture of(JsonNode report) {
        List<int[]> colours = new ArrayList<>();
        for (JsonNode colour : report.path("colours")) {
            colours.add(new int[] {
                colour.get(0).asInt(), colour.get(1).asInt(), colour.get(2).asInt()
            });
        }
        return new Picture(
                report.path("frames").asInt(),
                report.path("width").asInt(),
                report.path("height").asInt(),
                colours,
                report.path("intact").asInt());
    }

    void check(VideoCodec codec) {
        if (frames < FRAMES) {
            throw new StepException(frames + " of " + FRAMES + " frames of " + codec);
        }
        if (colours.isEmpty()) {
            // the first of them may have begun before the program listened
            if (intact < frames - 1) {
                throw new StepException(intact + " of " + frames + " frames are as they were sent");
            }
            return;
        }
        for (int quarter = 0; quarter < QUARTERS.length; quarter++) {
            for (int channel = 0; channel < 3; channel++) {
                if (Math.abs(colours.get(quarter)[channel] - QUARTERS[quarter][channel]) > TOLERANCE) {
                    throw new StepException("the picture is not the one that was sent: "
                            + colours.stream().map(Arrays::toString).toList());
                }
            }
        }
    }
}
