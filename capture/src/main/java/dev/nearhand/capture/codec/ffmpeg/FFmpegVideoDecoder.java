package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.SWS_POINT;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
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

/// A [VideoDecoder] for VP8 on FFmpeg's libavcodec. One thread.
///
/// The header of every frame is read here first: FFmpeg sees no frame before a key frame, and none of a size beyond the
/// limits.
final class FFmpegVideoDecoder implements VideoDecoder {
    /// No longer side and no larger area is decoded, in pixels; 8K television is smaller.
    static final int SIDE_LIMIT = 16_383;

    static final int AREA_LIMIT = 8192 * 4608;

    /// No frame is longer, in bytes.
    static final int FRAME_LIMIT_BYTES = 32 << 20;

    /// One being decoded, one waiting, one being shown, one to spare.
    private static final int PICTURE_LIMIT = 4;

    private final AVCodecContext context;
    private final AVPacket packet = av_packet_alloc();
    private final AVFrame frame = av_frame_alloc();
    private final ScalerCache scalers = new ScalerCache(AV_PIX_FMT_YUV420P, AV_PIX_FMT_BGRA, SWS_POINT);
    private final FramePool pool = new FramePool(PICTURE_LIMIT);
    private final PointerPointer<BytePointer> source = new PointerPointer<>(4);
    private final PointerPointer<BytePointer> target = new PointerPointer<>(4);
    private final IntPointer sourceStrides = new IntPointer(4);
    private final IntPointer targetStrides = new IntPointer(4);
    private boolean keyframeSeen;
    private boolean closed;

    FFmpegVideoDecoder() {
        FFmpegLibrary.load();
        AVCodec codec = avcodec_find_decoder(AV_CODEC_ID_VP8);
        if (codec == null) {
            throw new CodecException("a VP8 decoder is not in this build of FFmpeg");
        }
        context = avcodec_alloc_context3(codec);
        context.thread_count(1);
        int error = avcodec_open2(context, codec, (AVDictionary) null);
        if (error < 0) {
            avcodec_free_context(context);
            throw new CodecException("the VP8 decoder does not start: " + FFmpegLibrary.describe(error));
        }
        for (int plane = 0; plane < 4; plane++) {
            source.put(plane, (BytePointer) null);
            target.put(plane, (BytePointer) null);
            sourceStrides.put(plane, 0);
            targetStrides.put(plane, 0);
        }
    }

    @Override
    public String name() {
        return "VP8 (FFmpeg)";
    }

    @Override
    public VideoCodec codec() {
        return VideoCodec.VP8;
    }

    @Override
    public DecodeResult decode(ByteBuffer encoded) {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
        if (encoded.remaining() > FRAME_LIMIT_BYTES) {
            return broken("a frame of " + encoded.remaining() + " bytes");
        }
        Optional<Vp8Header> peeked = Vp8Header.peek(encoded);
        if (peeked.isEmpty()) {
            return broken("not a VP8 frame");
        }
        Vp8Header header = peeked.get();
        if (header.keyframe() && !allowed(header.width(), header.height())) {
            return broken("a picture of " + header.width() + "x" + header.height());
        }
        if (!header.keyframe() && !keyframeSeen) {
            return broken("no key frame yet");
        }
        int error = send(encoded);
        if (error >= 0) {
            error = avcodec_receive_frame(context, frame);
        }
        if (error == AVERROR_EAGAIN()) {
            return new DecodeResult.NoPicture();
        }
        if (error < 0) {
            return broken(FFmpegLibrary.describe(error));
        }
        keyframeSeen = true;
        try {
            return picture(header.keyframe());
        } finally {
            av_frame_unref(frame);
        }
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
        if (!allowed(width, height) || frame.format() != AV_PIX_FMT_YUV420P) {
            return broken("a picture of " + width + "x" + height);
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
        int done = sws_scale(scalers.ofSize(width, rows), source, sourceStrides, 0, rows, target, targetStrides);
        if (done < 0) {
            buffer.giveBack();
            return broken(FFmpegLibrary.describe(done));
        }
        MemorySegment pixels = buffer.segment().asSlice(0, (long) strideBytes * height);
        return new DecodeResult.Picture(
                new DecodedPicture(width, height, strideBytes, keyframe, pixels, buffer::giveBack));
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
        scalers.close();
        pool.close();
        source.close();
        target.close();
        sourceStrides.close();
        targetStrides.close();
    }
}
