package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Associations that send as much as they can over one line, with one queue: how they share it, and how long the queue
/// is. In virtual time.
final class SharedLine {
    private static final int MESSAGE_BYTES = 16 * 1024;
    private static final int BUFFERED_BYTES = 1 << 20;
    private static final double STEP_MILLIS = 5;

    /// One association and what has come of it.
    final class Flow {
        final SctpAssociation sender;
        private final SimNode<SctpEvent> node;
        private final SimNode<SctpEvent> far;
        private final double startMillis;
        private boolean started;
        long receivedBytes;

        private Flow(SctpConfig config, int port, double startMillis) {
            this.startMillis = startMillis;
            SplittableRandom split = random.split();
            sender = new SctpAssociation(config, path("10.0.0.1", "10.0.0.2", port), split.split(), split.split());
            SctpAssociation receiver =
                    new SctpAssociation(config, path("10.0.0.2", "10.0.0.1", port), split.split(), split.split());
            node = left.start(port, sender, _ -> {});
            far = right.start(port, receiver, event -> {
                if (event instanceof SctpEvent.MessageReceived got) {
                    receivedBytes += got.message().remaining();
                }
            });
        }

        private void fill() {
            if (world.now() < startMillis * 1e6) {
                return;
            }
            if (!started) {
                started = true;
                node.run(sender::connect);
            }
            node.run(now -> {
                while (sender.bufferedBytes() < BUFFERED_BYTES) {
                    sender.send(now, 1, false, Reliability.RELIABLE, 53, ByteBuffer.allocate(MESSAGE_BYTES));
                }
            });
            node.events().clear();
            far.events().clear();
        }
    }

    private final SimWorld world;
    private final SimHost left;
    private final SimHost right;
    private final SplittableRandom random;
    private final List<Flow> flows = new ArrayList<>();
    private double[] queueMillis = new double[1024];
    private int samples;

    SharedLine(long seed, LinkProfile line) {
        world = new SimWorld(seed);
        random = new SplittableRandom(seed);
        left = world.host("left", "10.0.0.1");
        right = world.host("right", "10.0.0.2");
        world.link(left, right, line);
    }

    private static Path path(String from, String to, int port) {
        return new Path(new InetSocketAddress(from, port), new InetSocketAddress(to, port));
    }

    Flow flow(SctpConfig.Congestion congestion, double startMillis) {
        Flow flow = new Flow(SctpConfig.defaults().withCongestion(congestion), flows.size() + 1, startMillis);
        flows.add(flow);
        return flow;
    }

    /// The line is another from now on.
    void become(LinkProfile other) {
        world.link(left, right, other);
    }

    void runSeconds(double seconds) {
        for (double at = 0; at < seconds * 1_000; at += STEP_MILLIS) {
            flows.forEach(Flow::fill);
            world.runForMillis(STEP_MILLIS);
            if (samples == queueMillis.length) {
                queueMillis = Arrays.copyOf(queueMillis, 2 * samples);
            }
            queueMillis[samples++] = world.queueMillis(left, right);
        }
    }

    /// Forgets what came so far: measuring begins.
    void restart() {
        flows.forEach(flow -> flow.receivedBytes = 0);
        samples = 0;
    }

    /// @return how long the queue was, at a percentile of the time
    double queueMillis(double percent) {
        double[] sorted = Arrays.copyOf(queueMillis, samples);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(samples - 1L, (long) (samples * percent / 100))];
    }
}
