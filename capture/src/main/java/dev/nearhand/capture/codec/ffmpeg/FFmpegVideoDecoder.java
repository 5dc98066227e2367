package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_LOW_DELAY;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_move_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU709;
import static org.bytedeco.ffmpeg.global.swscale.SWS_POINT;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.codec.av1.Av1SequenceHeader;
import dev.nearhand.capture.codec.vp8.Vp8Header;
import dev.nearhand.capture.pipeline.FramePool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/// A [VideoDecoder] on FFmpeg's libavcodec. One thread.
///
/// What allocates by what a frame says of itself is looked at here first, where FFmpeg's own limit does not reach; no
/// picture comes out before a key frame.
final class FFmpegVideoDecoder implements VideoDecoder {
    /// No longer side and no larger area is decoded, in pixels; 8K television is smaller.
    static final int SIDE_LIMIT = 16_383;

    static final int AREA_LIMIT = 8192 * 4608;

    /// No frame is longer, in bytes.
    static final int FRAME_LIMIT_BYTES = 32 << 20;

    /// `AV_FRAME_FLAG_KEY`, which the binding leaves out.
    private static final int FLAG_KEY = 1 << 1;

    private static final String NO_KEYFRAME = "no key frame yet";

    /// One being decoded, one waiting, one being shown, one to spare.
    private static final int PICTURE_LIMIT = 4;

    private final VideoCodec codec;
    private final AVCodecContext context;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final AVFrame next = av_frame_alloc();
    private ScalerCache scalers = new ScalerCache(AV_PIX_FMT_YUV420P, AV_PIX_FMT_BGRA, SWS_POINT);
    private final FramePool pool = new FramePool(PICTURE_LIMIT);
    private final PointerPointer<BytePointer> source = new PointerPointer<>(4);
    private final PointerPointer<BytePointer> target = new PointerPointer<>(4);
    private final IntPointer sourceStrides = new IntPointer(4);
    private final IntPointer targetStrides = new IntPointer(4);
    private boolean keyframeSeen;
    private boolean closed;

    FFmpegVideoDecoder(VideoCodec codec) {
        FFmpegLibrary.load();
        this.codec = codec;
        AVCodec decoder = avcodec_find_decoder_by_name(ffmpegName(codec));
        if (decoder == null) {
            throw new CodecException("a decoder for " + codec.rtpName() + " is not in this build of FFmpeg");
        }
        context = avcodec_alloc_context3(decoder);
        context.thread_count(1);
        context.flags(AV_CODEC_FLAG_LOW_DELAY);
        context.max_pixels(AREA_LIMIT);
        int error = avcodec_open2(context, decoder, (AVDictionary) null);
        if (error < 0) {
            avcodec_free_context(context);
            throw new CodecException(
                    "the decoder for " + codec.rtpName() + " does not start: " + FFmpegLibrary.describe(error));
        }
        for (int plane = 0; plane < 4; plane++) {
            source.put(plane, (BytePointer) null);
            target.put(plane, (BytePointer) null);
            sourceStrides.put(plane, 0);
            targetStrides.put(plane, 0);
        }
    }

    /// FFmpeg's own decoder where it has one; its own for AV1 needs hardware.
    private static String ffmpegName(VideoCodec codec) {
        return switch (codec) {
            case VP8 -> "vp8";
            case VP9 -> "vp9";
            case H264 -> "h264";
            case AV1 -> "libaom-av1";
        };
    }

    @Override
    public String name() {
        return codec.rtpName() + " (FFmpeg)";
    }

    @Override
    public VideoCodec codec() {
        return codec;
    }

    @Override
    public DecodeResult decode(ByteBuffer encoded) {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
        if (encoded.remaining() > FRAME_LIMIT_BYTES) {
            return broken("a frame of " + encoded.remaining() + " bytes");
        }
        Optional<String> objection =
                switch (codec) {
                    case VP8 -> objectionToVp8(encoded);
                    case AV1 -> objectionToAv1(encoded);
                    // FFmpeg's own decoders allocate nothing beyond its limit
                    case VP9, H264 -> Optional.empty();
                };
        if (objection.isPresent()) {
            return broken(objection.get());
        }
        try {
            return decoded(encoded);
        } finally {
            av_frame_unref(frame);
        }
    }

    private Optional<String> objectionToVp8(ByteBuffer encoded) {
        Optional<Vp8Header> peeked = Vp8Header.peek(encoded);
        if (peeked.isEmpty()) {
            return Optional.of("not a VP8 frame");
        }
        Vp8Header header = peeked.get();
        if (!header.keyframe()) {
            return keyframeSeen ? Optional.empty() : Optional.of(NO_KEYFRAME);
        }
        return objectionTo(header.width(), header.height());
    }

    /// libaom allocates before FFmpeg knows the size.
    private Optional<String> objectionToAv1(ByteBuffer encoded) {
        return switch (Av1SequenceHeader.find(encoded)) {
            case Av1SequenceHeader.Found(int width, int height) -> objectionTo(width, height);
            case Av1SequenceHeader.None() -> keyframeSeen ? Optional.empty() : Optional.of(NO_KEYFRAME);
            case Av1SequenceHeader.Malformed() -> Optional.of("not a temporal unit of AV1");
        };
    }

    private static Optional<String> objectionTo(int width, int height) {
        return allowed(width, height) ? Optional.empty() : Optional.of("a picture of " + width + "x" + height);
    }

    private DecodeResult decoded(ByteBuffer encoded) {
        boolean any = false;
        boolean keyframe = false;
        int error = send(encoded);
        // the spatial layers of VP9 come out one by one, the largest last
        while (error >= 0) {
            error = avcodec_receive_frame(context, next);
            if (error >= 0) {
                any = true;
                keyframe |= (next.flags() & FLAG_KEY) != 0;
                av_frame_unref(frame);
                av_frame_move_ref(frame, next);
            }
        }
        if (error != AVERROR_EAGAIN()) {
            return broken(FFmpegLibrary.describe(error));
        }
        if (!any) {
            return new DecodeResult.NoPicture();
        }
        if (!keyframe && !keyframeSeen) {
            return broken(NO_KEYFRAME);
        }
        keyframeSeen = true;
        return picture(keyframe);
    }

    private static boolean allowed(int width, int height) {
        return width <= SIDE_LIMIT && height <= SIDE_LIMIT && (long) width * height <= AREA_LIMIT;
    }

    /// After this only a key frame helps: what the decoder still holds is not what the sender thinks it holds.
    private DecodeResult.Broken broken(String reason) {
        if (keyframeSeen) {
            avcodec_flush_buffers(context);
            keyframeSeen = false;
        }
        return new DecodeResult.Broken(reason);
    }

    private int send(ByteBuffer encoded) {
        int length = encoded.remaining();
        int error = av_new_packet(packet, length);
        if (error < 0) {
            return error;
        }
        packet.data().capacity(length).asBuffer().put(encoded.duplicate());
        error = avcodec_send_packet(context, packet);
        av_packet_unref(packet);
        return error;
    }

    private DecodeResult picture(boolean keyframe) {
        int width = frame.width();
        int height = frame.height();
        int format = frame.format();
        if (!allowed(width, height)) {
            return broken("a picture of " + width + "x" + height);
        }
        if (format != AV_PIX_FMT_YUV420P && format != AV_PIX_FMT_YUVJ420P) {
            return broken("a picture that is not of 8 bits and 4:2:0");
        }
        // The fast conversion takes an even number of rows, and writes whole vectors.
        int rows = height + (height & 1);
        int strideBytes =
                (width * 4 + FramePool.ALIGNMENT_BYTES - 1) / FramePool.ALIGNMENT_BYTES * FramePool.ALIGNMENT_BYTES;
        long bytes = (long) strideBytes * rows + FramePool.ALIGNMENT_BYTES;
        FramePool.Buffer buffer = pool.take(bytes)
                .orElseThrow(() -> new IllegalStateException(
                        PICTURE_LIMIT + " decoded pictures are open; close them before decoding more"));
        for (int plane = 0; plane < 3; plane++) {
            source.put(plane, frame.data(plane));
            sourceStrides.put(plane, frame.linesize(plane));
        }
        target.put(0, FFmpegLibrary.pointer(buffer.segment()));
        targetStrides.put(0, strideBytes);
        int done = sws_scale(scalers().ofSize(width, rows), source, sourceStrides, 0, rows, target, targetStrides);
        if (done < 0) {
            buffer.giveBack();
            return broken(FFmpegLibrary.describe(done));
        }
        MemorySegment pixels = buffer.segment().asSlice(0, (long) strideBytes * height);
        return new DecodeResult.Picture(
                new DecodedPicture(width, height, strideBytes, keyframe, pixels, buffer::giveBack));
    }

    /// For what the frame says its numbers mean; where it says nothing, as the video of conversations is.
    private ScalerCache scalers() {
        int matrix = frame.colorspace() == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601;
        boolean fullRange = frame.color_range() == AVCOL_RANGE_JPEG || frame.format() == AV_PIX_FMT_YUVJ420P;
        ScalerCache.Colours colours = new ScalerCache.Colours(matrix, fullRange);
        if (!scalers.colours().equals(colours)) {
            scalers.close();
            scalers = new ScalerCache(AV_PIX_FMT_YUV420P, AV_PIX_FMT_BGRA, SWS_POINT, colours);
        }
        return scalers;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        avcodec_free_context(context);
        av_packet_free(packet);
        av_frame_free(frame);
        av_frame_free(next);
        scalers.close();
        pool.close();
        source.close();
        target.close();
        sourceStrides.close();
        targetStrides.close();
    }
}
