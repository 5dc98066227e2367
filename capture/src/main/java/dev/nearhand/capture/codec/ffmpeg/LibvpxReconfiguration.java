package dev.nearhand.capture.codec.ffmpeg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.EncoderConfig;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/// Changes the target bitrate of a running libvpx encoder, which the library can do and FFmpeg's wrapper of it has no
/// way to ask for. Without it every change would cost a key frame.
///
/// It follows FFmpeg's private data to the `vpx_codec_ctx_t` in it, and calls `cfg_set` of the encoder's interface
/// table, as `vpx_codec_enc_config_set` does. All offsets are those of libvpx's internal interface version
/// [#INTERFACE_VERSION], which that table states itself. [#of] believes nothing: the name, the version and the values
/// of the configuration must all be found where they belong, or it answers empty, and the caller makes a new encoder.
final class LibvpxReconfiguration {
    /// `VPX_CODEC_INTERNAL_ABI_VERSION`.
    private static final int INTERFACE_VERSION = 5;

    private static final byte[] INTERFACE_NAME = "WebM Project VP8 Encoder".getBytes(StandardCharsets.US_ASCII);

    // FFmpeg's private data: its class, then vpx_codec_ctx_t
    private static final long CONTEXT_BYTES = 64;
    private static final long CONTEXT_IFACE = 16;
    private static final long CONTEXT_CONFIG = 48;
    private static final long CONTEXT_PRIV = 56;

    // vpx_codec_iface_t; what follows its member caps, a C long, depends on the size of that
    private static final long IFACE_NAME = 0;
    private static final long IFACE_ABI_VERSION = 8;
    private static final long IFACE_INIT =
            Objects.requireNonNull(Linker.nativeLinker().canonicalLayouts().get("long"))
                                    .byteSize()
                            == 8
                    ? 24
                    : 16;
    private static final long IFACE_ENC_CFG_SET = IFACE_INIT + 96;
    private static final long IFACE_BYTES = IFACE_ENC_CFG_SET + 8;

    // vpx_codec_enc_cfg_t
    private static final long CONFIG_WIDTH = 12;
    private static final long CONFIG_HEIGHT = 16;
    private static final long CONFIG_TIMEBASE_NUM = 28;
    private static final long CONFIG_TIMEBASE_DEN = 32;
    private static final long CONFIG_END_USAGE = 72;
    private static final long CONFIG_TARGET_BITRATE = 112;
    private static final long CONFIG_MIN_QUANTIZER = 116;
    private static final long CONFIG_MAX_QUANTIZER = 120;
    private static final long CONFIG_BYTES = 124;
    private static final int END_USAGE_CONSTANT_BITRATE = 1;

    private final MemorySegment priv;
    private final MemorySegment config;
    private final MethodHandle cfgSet;

    private LibvpxReconfiguration(MemorySegment priv, MemorySegment config, MethodHandle cfgSet) {
        this.priv = priv;
        this.config = config;
        this.cfgSet = cfgSet;
    }

    /// @param context an open encoder; the answer is of use as long as it lives
    /// @param config what it was opened with
    @SuppressWarnings("restricted")
    static Optional<LibvpxReconfiguration> of(AVCodecContext context, EncoderConfig config) {
        MemorySegment privateData = at(context.priv_data().address(), CONTEXT_BYTES);
        MemorySegment iface = follow(privateData, CONTEXT_IFACE, IFACE_BYTES);
        if (iface.address() == 0 || !namesVp8Encoder(iface)) {
            return Optional.empty();
        }
        MemorySegment inside = follow(privateData, CONTEXT_CONFIG, CONFIG_BYTES);
        MemorySegment priv = follow(privateData, CONTEXT_PRIV, 0);
        MemorySegment cfgSet = follow(iface, IFACE_ENC_CFG_SET, 0);
        if (inside.address() == 0 || priv.address() == 0 || cfgSet.address() == 0) {
            return Optional.empty();
        }
        boolean asExpected = inside.get(JAVA_INT, CONFIG_WIDTH) == config.width()
                && inside.get(JAVA_INT, CONFIG_HEIGHT) == config.height()
                && inside.get(JAVA_INT, CONFIG_TIMEBASE_NUM)
                        == context.time_base().num()
                && inside.get(JAVA_INT, CONFIG_TIMEBASE_DEN)
                        == context.time_base().den()
                && inside.get(JAVA_INT, CONFIG_END_USAGE) == END_USAGE_CONSTANT_BITRATE
                && inside.get(JAVA_INT, CONFIG_TARGET_BITRATE) == kilobits(config.targetBitrateBps())
                && inside.get(JAVA_INT, CONFIG_MIN_QUANTIZER) == context.qmin()
                && inside.get(JAVA_INT, CONFIG_MAX_QUANTIZER) == context.qmax();
        if (!asExpected) {
            return Optional.empty();
        }
        MethodHandle handle =
                Linker.nativeLinker().downcallHandle(cfgSet, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        return Optional.of(new LibvpxReconfiguration(priv, inside, handle));
    }

    private static boolean namesVp8Encoder(MemorySegment iface) {
        if (iface.get(JAVA_INT, IFACE_ABI_VERSION) != INTERFACE_VERSION) {
            return false;
        }
        MemorySegment name = follow(iface, IFACE_NAME, INTERFACE_NAME.length);
        return name.address() != 0 && name.mismatch(MemorySegment.ofArray(INTERFACE_NAME)) == -1;
    }

    /// @return false when libvpx refuses; the old target stays then
    boolean targetBitrateBps(int bitsPerSecond) {
        int before = config.get(JAVA_INT, CONFIG_TARGET_BITRATE);
        config.set(JAVA_INT, CONFIG_TARGET_BITRATE, kilobits(bitsPerSecond));
        int error = apply();
        if (error != 0) {
            config.set(JAVA_INT, CONFIG_TARGET_BITRATE, before);
        }
        return error == 0;
    }

    private int apply() {
        try {
            return (int) cfgSet.invokeExact(priv, config);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new CodecException("libvpx did not take a new bitrate", failure);
        }
    }

    private static int kilobits(int bitsPerSecond) {
        return Math.toIntExact(Math.round(bitsPerSecond / 1000.0));
    }

    private static MemorySegment follow(MemorySegment from, long offset, long byteSize) {
        return at(from.get(ADDRESS, offset).address(), byteSize);
    }

    @SuppressWarnings("restricted") // the guarded look into another library is the point of this class
    private static MemorySegment at(long address, long byteSize) {
        return MemorySegment.ofAddress(address).reinterpret(byteSize);
    }
}
