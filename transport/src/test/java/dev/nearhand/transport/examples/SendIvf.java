package dev.nearhand.transport.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import dev.nearhand.transport.api.VideoCodec;
import dev.nearhand.transport.api.VideoTrack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;

public final class SendIvf {
    public static void main(String[] args) throws IOException, InterruptedException {
        Ivf video = Ivf.read(Path.of(args[0]));
        try (PeerConnection connection = PeerConnection.create()) {
            CountDownLatch connected = new CountDownLatch(1);
            connection.onStateChange((state, reason) -> {
                if (state == ConnectionState.CONNECTED) {
                    connected.countDown();
                }
            });
            VideoTrack track = connection.addVideoTrack("film", VideoCodec.VP8);

            SessionDescription offer = connection.createOffer();
            connection.setLocalDescription(offer);
            IO.println(Base64.getEncoder().encodeToString(offer.sdp().getBytes(UTF_8))); // carry it to the other side

            String answer = new String(Base64.getDecoder().decode(IO.readln()), UTF_8); // and its answer back
            connection.setRemoteDescription(SessionDescription.answer(answer));
            connected.await();

            for (int frame = 0; video.frames().hasRemaining(); frame++) {
                track.write(video.nextFrame(), video.frameDuration());
                IO.println("frame " + frame);
                Thread.sleep(video.frameDuration());
            }
        }
    }

    /// The frames of an IVF file that lie `frameDuration` apart.
    record Ivf(ByteBuffer frames, Duration frameDuration) {
        private static final int LENGTH_OF_HEADER = 6;
        private static final int RATE = 16;
        private static final int SCALE = 20;

        static Ivf read(Path file) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            Duration duration = Duration.ofSeconds(bytes.getInt(SCALE)).dividedBy(bytes.getInt(RATE));
            return new Ivf(bytes.position(bytes.getShort(LENGTH_OF_HEADER)), duration);
        }

        /// Each frame has its length, a time in eight bytes, and its data.
        ByteBuffer nextFrame() {
            int length = frames.getInt();
            ByteBuffer frame = frames.slice(frames.position() + Long.BYTES, length);
            frames.position(frames.position() + Long.BYTES + length);
            return frame;
        }
    }
}
