package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import dev.nearhand.capture.codec.CodecException;
import java.util.LinkedHashMap;
import org.bytedeco.ffmpeg.swscale.SwsContext;

/// The contexts of swscale for one pair of pixel formats, by size of the rectangle. One thread.
///
/// A context costs 10 to 90 µs to make; a typed letter or a blinking caret has the same size again and again.
final class ScalerCache implements AutoCloseable {
    /// When full, the one not used for the longest time is freed.
    static final int LIMIT = 16;

    private static final int FIXED_POINT_ONE = 1 << 16;

    private record Size(int width, int height) {}

    /// What the numbers of a picture in YUV mean.
    ///
    /// @param matrix one of swscale's `SWS_CS_`
    /// @param fullRange whether black is 0 and white 255, not 16 and 235
    record Colours(int matrix, boolean fullRange) {
        static final Colours VIDEO = new Colours(SWS_CS_ITU601, false);
    }

    private final int fromFormat;
    private final int toFormat;
    private final int flags;
    private final Colours colours;
    private final LinkedHashMap<Size, SwsContext> contexts = new LinkedHashMap<>(LIMIT * 2, 0.75f, true);

    ScalerCache(int fromFormat, int toFormat, int flags) {
        this(fromFormat, toFormat, flags, Colours.VIDEO);
    }

    /// @param colours of the pictures that come in
    ScalerCache(int fromFormat, int toFormat, int flags, Colours colours) {
        this.fromFormat = fromFormat;
        this.toFormat = toFormat;
        this.flags = flags;
        this.colours = colours;
    }

    Colours colours() {
        return colours;
    }

    SwsContext ofSize(int width, int height) {
        Size size = new Size(width, height);
        SwsContext known = contexts.get(size);
        if (known != null) {
            return known;
        }
        SwsContext made =
                sws_getContext(width, height, fromFormat, width, height, toFormat, flags, null, null, (double[]) null);
        if (made == null) {
            throw new CodecException("FFmpeg cannot convert a picture of " + width + "x" + height);
        }
        if (!colours.equals(Colours.VIDEO)) {
            sws_setColorspaceDetails(
                    made,
                    sws_getCoefficients(colours.matrix()),
                    colours.fullRange() ? 1 : 0,
                    sws_getCoefficients(SWS_CS_DEFAULT),
                    1,
                    0,
                    FIXED_POINT_ONE,
                    FIXED_POINT_ONE);
        }
        if (contexts.size() == LIMIT) {
            SwsContext oldest = contexts.pollFirstEntry().getValue();
            sws_freeContext(oldest);
        }
        contexts.put(size, made);
        return made;
    }

    @Override
    public void close() {
        contexts.values().forEach(context -> sws_freeContext(context));
        contexts.clear();
    }
}
