package dev.nearhand.capture.codec.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.screen.ScreenFrame;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/// The last picture of the screen as 4:2:0 planes, kept so that only what changed is converted. One thread.
///
/// BT.601, limited range, each chroma sample the mean of its four pixels; the last row and column of an odd size
/// included. It does not scale.
final class I420Canvas implements AutoCloseable {
    /// swscale's vector code writes whole vectors: rectangles begin and end at multiples of this, in luma samples, or
    /// at the right edge, where the planes have room. Half of it, in chroma, is the longest vector that it uses.
    private static final int ALIGNMENT = 64;

    private static final int BUFFER_ALIGNMENT_BYTES = 64;

    /// Above so many changed rectangles, their bounds are converted instead.
    private static final int RECTANGLE_LIMIT = 32;

    private final int width;
    private final int height;
    private final AVFrame frame;
    private final ScalerCache scalers =
            new ScalerCache(AV_PIX_FMT_BGR0, AV_PIX_FMT_YUV420P, SWS_AREA | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment lastRows;
    private final int lastRowsStride;
    private final PointerPointer<BytePointer> source = new PointerPointer<>(4);
    private final PointerPointer<BytePointer> target = new PointerPointer<>(4);
    private final IntPointer sourceStrides = new IntPointer(4);
    private final IntPointer targetStrides = new IntPointer(4);
    private boolean blank = true;

    I420Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.frame = av_frame_alloc();
        frame.format(AV_PIX_FMT_YUV420P);
        frame.width(width);
        frame.height(height);
        frame.colorspace(AVCOL_SPC_SMPTE170M);
        frame.color_range(AVCOL_RANGE_MPEG);
        if (av_frame_get_buffer(frame, BUFFER_ALIGNMENT_BYTES) < 0) {
            av_frame_free(frame);
            throw new CodecException("no memory for a picture of " + width + "x" + height);
        }
        this.lastRowsStride = alignedUp(width, ALIGNMENT) * ScreenFrame.BYTES_PER_PIXEL;
        this.lastRows = arena.allocate(2L * lastRowsStride + BUFFER_ALIGNMENT_BYTES, BUFFER_ALIGNMENT_BYTES);
        for (int plane = 0; plane < 4; plane++) {
            sourceStrides.put(plane, 0);
            targetStrides.put(plane, plane < 3 ? frame.linesize(plane) : 0);
        }
    }

    /// The planes; another thread must not use them.
    AVFrame frame() {
        return frame;
    }

    /// The same with even sides: the last row and column are there twice where that is needed. There is room for them.
    AVFrame evenFrame() {
        int stride = frame.linesize(0);
        long evenHeight = height + (height & 1L);
        if (evenHeight != height) {
            BytePointer last = frame.data(0).getPointer((height - 1L) * stride);
            frame.data(0).getPointer((long) height * stride).put(last.limit(width));
        }
        if ((width & 1) != 0) {
            BytePointer luma = frame.data(0);
            for (long row = 0; row < evenHeight; row++) {
                luma.put(row * stride + width, luma.get(row * stride + width - 1));
            }
        }
        frame.width(width + (width & 1));
        frame.height((int) evenHeight);
        return frame;
    }

    boolean isBlank() {
        return blank;
    }

    /// Takes over what changed, or all of it the first time.
    ///
    /// @return how many pixels that were, counted twice where rectangles overlap
    long draw(ScreenFrame screen) {
        if (av_frame_make_writable(frame) < 0) {
            throw new CodecException("no memory for a picture of " + width + "x" + height);
        }
        if (blank) {
            convert(screen, Rect.ofSize(width, height));
            blank = false;
            return (long) width * height;
        }
        List<Rect> changed = screen.changed();
        if (changed.size() > RECTANGLE_LIMIT) {
            changed = List.of(changed.stream().reduce(Rect.ofSize(0, 0), Rect::boundsWith));
        }
        changed.forEach(rect -> convert(screen, rect));
        return changed.stream().mapToLong(Rect::area).sum();
    }

    private void convert(ScreenFrame screen, Rect changed) {
        Rect clipped = changed.intersection(Rect.ofSize(width, height));
        if (clipped.isEmpty()) {
            return;
        }
        int left = clipped.x() / ALIGNMENT * ALIGNMENT;
        int right = Math.min(alignedUp(clipped.right(), ALIGNMENT), width);
        int top = clipped.y() / 2 * 2;
        int bottom = Math.min(alignedUp(clipped.bottom(), 2), height);
        // Vectors are read whole too, and behind the last row there may be no memory.
        int bounced = bottom == height && width % ALIGNMENT != 0 ? (height - 1) / 2 * 2 : bottom;
        if (bounced > top) {
            long from = (long) top * screen.strideBytes() + (long) left * ScreenFrame.BYTES_PER_PIXEL;
            scale(screen.bgra().asSlice(from), screen.strideBytes(), left, top, right - left, bounced - top);
        }
        if (bottom > bounced) {
            for (int row = bounced; row < bottom; row++) {
                MemorySegment.copy(
                        screen.bgra(),
                        (long) row * screen.strideBytes() + (long) left * ScreenFrame.BYTES_PER_PIXEL,
                        lastRows,
                        (long) (row - bounced) * lastRowsStride,
                        (long) (right - left) * ScreenFrame.BYTES_PER_PIXEL);
            }
            scale(lastRows, lastRowsStride, left, bounced, right - left, bottom - bounced);
        }
    }

    private void scale(MemorySegment pixels, int strideBytes, int left, int top, int columns, int rows) {
        source.put(0, FFmpegLibrary.pointer(pixels));
        sourceStrides.put(0, strideBytes);
        for (int plane = 0; plane < 3; plane++) {
            int shift = plane == 0 ? 0 : 1;
            long offset = (long) (top >> shift) * frame.linesize(plane) + (left >> shift);
            target.put(plane, frame.data(plane).getPointer(offset));
        }
        int done = sws_scale(scalers.ofSize(columns, rows), source, sourceStrides, 0, rows, target, targetStrides);
        if (done < 0) {
            throw new CodecException("converting a picture failed: " + FFmpegLibrary.describe(done));
        }
    }

    private static int alignedUp(int value, int alignment) {
        return (value + alignment - 1) / alignment * alignment;
    }

    @Override
    public void close() {
        scalers.close();
        av_frame_free(frame);
        source.close();
        target.close();
        sourceStrides.close();
        targetStrides.close();
        arena.close();
    }
}
