package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.EncoderConfig;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoEncoder;
import dev.nearhand.capture.screen.ScreenFrame;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A [VideoEncoder] on FFmpeg's libavcodec. One thread.
///
/// The time that the rate control sees is not the wall clock: a frame brings at most the budget of one frame interval
/// with it. So the first frame after a pause is as small as any other, arrives as soon, and the refinements that
/// follow make up for it.
final class FFmpegVideoEncoder implements VideoEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(FFmpegVideoEncoder.class);
    private static final int TICKS_PER_SECOND = 90_000;
    private static final int KEYFRAME_NEVER = 1 << 30;

    /// The encoder has had its chance: at a low bitrate a busy picture may never become that fine.
    static final int REFINEMENT_LIMIT = 90;

    private final FFmpegEncoderSpec spec;
    private final I420Canvas canvas;
    private final AVPacket packet = av_packet_alloc();
    private final FrameQuality quality;
    private EncoderConfig config;
    private AVCodecContext context;
    private Optional<LibvpxReconfiguration> reconfiguration;
    private boolean keyframeForced;
    private long lastCaptureNanos;
    private long ticks;
    private int refinements;
    private boolean closed;

    FFmpegVideoEncoder(FFmpegEncoderSpec spec, EncoderConfig config) {
        this.spec = spec;
        this.config = config;
        this.context = open(spec, config);
        this.quality = spec.quality(config);
        this.canvas = new I420Canvas(config.width(), config.height());
        this.reconfiguration = reconfiguration(spec, context, config);
    }

    private static AVCodecContext open(FFmpegEncoderSpec spec, EncoderConfig config) {
        FFmpegLibrary.load();
        AVCodec codec = avcodec_find_encoder_by_name(spec.ffmpegName());
        if (codec == null) {
            throw new CodecException(spec.name() + " is not in this build of FFmpeg");
        }
        AVCodecContext context = avcodec_alloc_context3(codec);
        context.width(spec.encodedSide(config.width()));
        context.height(spec.encodedSide(config.height()));
        context.pix_fmt(AV_PIX_FMT_YUV420P);
        context.time_base().num(1).den(TICKS_PER_SECOND);
        context.framerate().num(config.framesPerSecond()).den(1);
        context.thread_count(1);
        context.gop_size(KEYFRAME_NEVER);
        context.max_b_frames(0);
        // all three equal: constant bitrate
        context.bit_rate(config.targetBitrateBps());
        context.rc_min_rate(config.targetBitrateBps());
        context.rc_max_rate(config.targetBitrateBps());
        long buffer = (long) config.targetBitrateBps() * spec.bufferMillis() / 1000;
        context.rc_buffer_size((int) buffer);
        context.rc_initial_buffer_occupancy((int) (buffer * 4 / 5));
        context.qmin(spec.finestQuantizer());
        context.qmax(spec.coarsestQuantizer());
        AVDictionary options = new AVDictionary(null);
        spec.options().forEach((key, value) -> av_dict_set(options, key, value, 0));
        int error = avcodec_open2(context, codec, options);
        av_dict_free(options);
        if (error < 0) {
            avcodec_free_context(context);
            throw new CodecException(spec.name() + " does not start for a picture of " + config.width() + "x"
                    + config.height() + ": " + FFmpegLibrary.describe(error));
        }
        return context;
    }

    /// It must not look into what is not libvpx's.
    private static Optional<LibvpxReconfiguration> reconfiguration(
            FFmpegEncoderSpec spec, AVCodecContext context, EncoderConfig config) {
        return spec.codec() == VideoCodec.VP8 ? LibvpxReconfiguration.of(context, config) : Optional.empty();
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public VideoCodec codec() {
        return spec.codec();
    }

    @Override
    public EncoderConfig config() {
        return config;
    }

    @Override
    public EncodedFrame encode(ScreenFrame frame) {
        requireOpen();
        if (frame.width() != config.width() || frame.height() != config.height()) {
            throw new IllegalArgumentException("a frame of " + frame.width() + "x" + frame.height()
                    + " for an encoder of " + config.width() + "x" + config.height());
        }
        long changedArea = canvas.draw(frame);
        refinements = 0;
        limitQuantizer(keyframeForced ? spec.coarsestQuantizer() : quality.forChange(changedArea, frameBudgetBits()));
        return encodeCanvas(frame.captureNanos());
    }

    @Override
    public Optional<EncodedFrame> refine(long captureNanos) {
        requireOpen();
        if (canvas.isBlank()) {
            return Optional.empty();
        }
        refinements++;
        limitQuantizer(keyframeForced ? spec.coarsestQuantizer() : quality.forRefinement(frameBudgetBits()));
        return Optional.of(encodeCanvas(captureNanos));
    }

    private long frameBudgetBits() {
        return config.targetBitrateBps() / config.framesPerSecond();
    }

    /// FFmpeg's wrapper of libvpx looks at this before every frame.
    private void limitQuantizer(int quantizer) {
        context.qmax(quantizer);
    }

    private EncodedFrame encodeCanvas(long captureNanos) {
        AVFrame picture = spec.evenSidesOnly() ? canvas.evenFrame() : canvas.frame();
        picture.pts(advance(captureNanos));
        picture.pict_type(keyframeForced ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
        keyframeForced = false;
        int error = avcodec_send_frame(context, picture);
        if (error >= 0) {
            error = avcodec_receive_packet(context, packet);
        }
        if (error < 0) {
            throw new CodecException(spec.name() + " failed: " + FFmpegLibrary.describe(error));
        }
        ByteBuffer data = ByteBuffer.allocate(packet.size());
        BytePointer bytes = packet.data();
        bytes.get(data.array());
        boolean keyframe = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
        av_packet_unref(packet);
        FrameQuality.Verdict verdict = quality.encoded(data);
        boolean settled = verdict.settled() || refinements >= REFINEMENT_LIMIT;
        return new EncodedFrame(
                codec(), data, keyframe, captureNanos, config.width(), config.height(), verdict.quantizer(), settled);
    }

    private long advance(long captureNanos) {
        long interval = TICKS_PER_SECOND / config.framesPerSecond();
        long elapsed = (captureNanos - lastCaptureNanos) * TICKS_PER_SECOND / 1_000_000_000L;
        lastCaptureNanos = captureNanos;
        ticks += Math.clamp(elapsed, 1, interval);
        return ticks;
    }

    @Override
    public void targetBitrateBps(int bitsPerSecond) {
        requireOpen();
        EncoderConfig changed = config.withTargetBitrateBps(bitsPerSecond);
        if (changed.equals(config)) {
            return;
        }
        config = changed;
        if (reconfiguration.isPresent() && reconfiguration.get().targetBitrateBps(changed.targetBitrateBps())) {
            return;
        }
        LOG.debug("{} starts again for a new bitrate", spec.name());
        AVCodecContext next = open(spec, changed);
        avcodec_free_context(context);
        context = next;
        ticks = 0;
        reconfiguration = reconfiguration(spec, context, changed);
    }

    @Override
    public void forceKeyframe() {
        keyframeForced = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        avcodec_free_context(context);
        av_packet_free(packet);
        canvas.close();
    }
}
