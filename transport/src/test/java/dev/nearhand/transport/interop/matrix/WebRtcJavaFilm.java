package dev.nearhand.transport.interop.matrix;

import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrackSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The film of [WebRtcJavaConnection], in the colours of BT.601.
final class WebRtcJavaFilm {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final int FRAME_MILLIS = 66;

    /// Y, U and V of red, green, blue and yellow.
    private static final int[][] QUARTERS = {{88, 99, 211}, {130, 77, 73}, {83, 201, 103}, {198, 65, 144}};

    private WebRtcJavaFilm() {}

    static void play(CustomVideoSource source) {
        Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; ; i++) {
                NativeI420Buffer picture = NativeI420Buffer.allocate(WIDTH, HEIGHT);
                fill(picture.getDataY(), picture.getStrideY(), WIDTH, HEIGHT, 0, i);
                fill(picture.getDataU(), picture.getStrideU(), WIDTH / 2, HEIGHT / 2, 1, i);
                fill(picture.getDataV(), picture.getStrideV(), WIDTH / 2, HEIGHT / 2, 2, i);
                VideoFrame frame = new VideoFrame(picture, System.nanoTime());
                source.pushFrame(frame);
                frame.release();
                try {
                    Thread.sleep(FRAME_MILLIS);
                } catch (InterruptedException stop) {
                    return;
                }
            }
        });
    }

    /// The mark in the first row moves, so that there are frames to send.
    private static void fill(ByteBuffer plane, int stride, int width, int height, int component, int mark) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int[] quarter = QUARTERS[(y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)];
                plane.put(y * stride + x, (byte) (y < 2 && x / 8 == mark % 20 ? 128 : quarter[component]));
            }
        }
    }

    /// Counts the decoded frames and keeps the colours of the last one.
    static final class Sink implements VideoTrackSink {
        private int count;
        private int width;
        private int height;
        private List<int[]> colours = List.of();

        @Override
        public synchronized void onVideoFrame(VideoFrame frame) {
            I420Buffer picture = frame.buffer.toI420();
            count++;
            width = picture.getWidth();
            height = picture.getHeight();
            List<int[]> now = new ArrayList<>();
            for (double y : new double[] {0.25, 0.75}) {
                for (double x : new double[] {0.25, 0.75}) {
                    now.add(colour(picture, (int) (x * width), (int) (y * height)));
                }
            }
            colours = now;
            picture.release();
            notifyAll();
        }

        private static int[] colour(I420Buffer picture, int x, int y) {
            double luma = 1.164 * (at(picture.getDataY(), picture.getStrideY(), x, y) - 16);
            double u = at(picture.getDataU(), picture.getStrideU(), x / 2, y / 2) - 128.0;
            double v = at(picture.getDataV(), picture.getStrideV(), x / 2, y / 2) - 128.0;
            return new int[] {
                limited(luma + 1.596 * v), limited(luma - 0.392 * u - 0.813 * v), limited(luma + 2.017 * u)
            };
        }

        private static int at(ByteBuffer plane, int stride, int x, int y) {
            return Byte.toUnsignedInt(plane.get(y * stride + x));
        }

        private static int limited(double value) {
            return (int) Math.clamp(value, 0, 255);
        }

        synchronized Map<String, ?> frames(int least) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (count < least && System.nanoTime() < deadline) {
                wait(100);
            }
            return Map.of("frames", count, "width", width, "height", height, "colours", colours);
        }
    }
}
