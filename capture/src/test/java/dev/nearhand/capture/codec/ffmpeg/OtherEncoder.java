package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.screen.ScreenFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/// Encodes as other programs do that we watch: in any format, with any meaning of the colours.
final class OtherEncoder implements AutoCloseable {
    private final I420Canvas canvas;
    private final AVCodecContext context;
    private final AVPacket packet = av_packet_alloc();
    private long index;

    OtherEncoder(VideoCodec codec, int width, int height) {
        this(codec, width, height, false, false);
    }

    OtherEncoder(VideoCodec codec, int width, int height, boolean bt709, boolean fullRange) {
        FFmpegLibrary.load();
        canvas = new I420Canvas(width, height);
        canvas.frame().colorspace(bt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M);
        canvas.frame().color_range(fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
        AVCodec found = avcodec_find_encoder_by_name(
                switch (codec) {
                    case VP8 -> "libvpx";
                    case VP9 -> "libvpx-vp9";
                    case H264 -> "libopenh264";
                    case AV1 -> "libaom-av1";
                });
        context = avcodec_alloc_context3(found);
        context.width(width);
        context.height(height);
        context.pix_fmt(AV_PIX_FMT_YUV420P);
        context.colorspace(canvas.frame().colorspace());
        context.color_range(canvas.frame().color_range());
        context.time_base().num(1).den(30);
        context.framerate().num(30).den(1);
        context.thread_count(1);
        context.gop_size(1_000);
        context.max_b_frames(0);
        context.bit_rate(8_000_000);
        AVDictionary options = new AVDictionary(null);
        switch (codec) {
            case VP8, VP9 -> {
                av_dict_set(options, "deadline", "realtime", 0);
                av_dict_set(options, "cpu-used", "8", 0);
                av_dict_set(options, "lag-in-frames", "0", 0);
                av_dict_set(options, "auto-alt-ref", "0", 0);
            }
            case AV1 -> {
                av_dict_set(options, "usage", "realtime", 0);
                av_dict_set(options, "cpu-used", "8", 0);
                av_dict_set(options, "lag-in-frames", "0", 0);
            }
            case H264 -> av_dict_set(options, "allow_skip_frames", "0", 0);
        }
        int error = avcodec_open2(context, found, options);
        av_dict_free(options);
        if (error < 0) {
            throw new IllegalStateException(FFmpegLibrary.describe(error));
        }
    }

    /// The first one is a key frame.
    ByteBuffer encode(ScreenFrame picture) {
        canvas.draw(picture);
        return encodeCanvas();
    }

    /// A picture of one colour.
    ByteBuffer encode(int luma, int blueness, int redness) {
        AVFrame frame = canvas.frame();
        int[] values = {luma, blueness, redness};
        for (int plane = 0; plane < 3; plane++) {
            int rows = plane == 0 ? frame.height() : (frame.height() + 1) / 2;
            byte[] row = new byte[frame.linesize(plane)];
            Arrays.fill(row, (byte) values[plane]);
            for (int y = 0; y < rows; y++) {
                frame.data(plane).position((long) y * row.length).put(row);
            }
            frame.data(plane).position(0);
        }
        return encodeCanvas();
    }

    private ByteBuffer encodeCanvas() {
        AVFrame frame = canvas.frame();
        frame.pts(index);
        frame.pict_type(index == 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
        index++;
        int error = avcodec_send_frame(context, frame);
        if (error >= 0) {
            error = avcodec_receive_packet(context, packet);
        }
        if (error < 0) {
            throw new IllegalStateException(FFmpegLibrary.describe(error));
        }
        byte[] data = new byte[packet.size()];
        packet.data().get(data);
        av_packet_unref(packet);
        return ByteBuffer.wrap(data);
    }

    @Override
    public void close() {
        avcodec_free_context(context);
        av_packet_free(packet);
        canvas.close();
    }
}
