package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import dev.nearhand.capture.codec.CodecException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/// FFmpeg's native libraries, loaded once and silenced: a stream of a peer must not be able to fill our terminal, and
/// what matters comes back as an error code.
final class FFmpegLibrary {
    private FFmpegLibrary() {}

    /// @throws CodecException when this machine's kind has no native library with us
    static void load() {
        Loaded.check();
    }

    /// FFmpeg's own sentence for an error code.
    static String describe(int error) {
        byte[] text = new byte[256];
        av_strerror(error, text, text.length);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /// The same memory as the binding sees it. It owns nothing: the segment must live as long as it is used.
    static BytePointer pointer(MemorySegment segment) {
        return new Address(segment.address());
    }

    private static final class Address extends BytePointer {
        Address(long address) {
            super((Pointer) null);
            this.address = address;
        }
    }

    /// Loads in its initialiser, so that the JVM takes care of once-only.
    private static final class Loaded {
        private static final String FAILURE = load();

        private static String load() {
            try {
                Loader.load(avutil.class);
                Loader.load(swscale.class);
                Loader.load(avcodec.class);
                av_log_set_level(AV_LOG_QUIET);
                return "";
            } catch (LinkageError failure) {
                return "FFmpeg's native libraries do not load: " + failure.getMessage()
                        + "; check that the package for " + Loader.getPlatform() + " is on the class path";
            }
        }

        static void check() {
            if (!FAILURE.isEmpty()) {
                throw new CodecException(FAILURE);
            }
        }
    }
}
