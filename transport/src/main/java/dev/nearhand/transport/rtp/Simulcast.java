package dev.nearhand.transport.rtp;

import dev.nearhand.transport.time.TimerTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One track that comes in several streams of different sizes (RFC 8853), of which one is handed on.
///
/// Unless told otherwise it follows the stream that carries most, and when that falls silent while others flow, the
/// best of those. It changes over at a key frame of the new stream only, which it asks for; until then the old one goes
/// on. The streams that are not followed are counted and reported, and nothing is asked of them. Timestamps go on over
/// a change, as the sources count from different numbers.
final class Simulcast {
    /// A stream is given up when others have flowed for so long without it.
    static final long SILENCE_NANOS = 1_000_000_000;

    /// What each stream carries is compared so often.
    static final long WINDOW_NANOS = 1_000_000_000;

    /// Before another stream is taken it has to carry so much more, so often in a row: streams of different sizes are
    /// further apart, and a frame that falls on both sides of a window's end is not mistaken for a change.
    private static final double BETTER = 1.3;
    private static final int WINS = 2;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private static final class Layer {
        final String rid;
        final RtpReceiver receiver;
        long windowBytes;
        long heardNanos = TimerTable.NEVER;

        Layer(String rid, RtpReceiver receiver) {
            this.rid = rid;
            this.receiver = receiver;
        }
    }

    private final List<Layer> layers = new ArrayList<>();
    private final int clockRate;
    private String selected = "";
    private @Nullable Layer shown;
    private @Nullable Layer wanted;
    private long silentSinceNanos = TimerTable.NEVER;
    private long windowNanos = TimerTable.NEVER;
    private @Nullable Layer winner;
    private int wins;
    private int timestampOffset;
    private int lastTimestamp;
    private long lastNanos;
    private long switches;

    Simulcast(RtpReceiverConfig config, RoundTripTime rtt) {
        clockRate = config.clockRate();
        for (String rid : config.layers().rids()) {
            RtpReceiver receiver = new RtpReceiver(config, rtt, rid);
            receiver.sleep();
            layers.add(new Layer(rid, receiver));
        }
    }

    List<RtpReceiver> receivers() {
        return layers.stream().map(layer -> layer.receiver).toList();
    }

    /// The stream that is handed on, or will be; the first one while nothing has been heard.
    RtpReceiver current() {
        Layer layer = wanted == null ? layers.getFirst() : wanted;
        return layer.receiver;
    }

    /// How often it changed over from one stream to another.
    long switches() {
        return switches;
    }

    /// Follows the stream of that name while it flows; an empty or unknown name means the best one again.
    void select(long nowNanos, String rid) {
        selected = rid;
        Layer layer = find(rid);
        if (layer != null && layer.heardNanos != TimerTable.NEVER) {
            follow(nowNanos, layer);
        }
    }

    private @Nullable Layer find(String rid) {
        return layers.stream()
                .filter(layer -> layer.rid.equals(rid))
                .findFirst()
                .orElse(null);
    }

    /// Takes note of a packet, and chooses from the frames that it completed.
    ///
    /// @return those to hand on
    List<JitterBuffer.Frame> handle(
            long nowNanos, RtpReceiver receiver, int packetBytes, List<JitterBuffer.Frame> frames) {
        Layer from = layers.stream()
                .filter(layer -> layer.receiver.equals(receiver))
                .findFirst()
                .orElseThrow();
        from.windowBytes += packetBytes;
        from.heardNanos = nowNanos;
        choose(nowNanos, from);
        List<JitterBuffer.Frame> chosen = new ArrayList<>();
        for (JitterBuffer.Frame frame : frames) {
            if (from.equals(wanted) && !from.equals(shown) && frame.keyframe()) {
                show(nowNanos, from, frame.timestamp());
            }
            if (from.equals(shown)) {
                lastTimestamp = frame.timestamp() + timestampOffset;
                lastNanos = nowNanos;
                chosen.add(new JitterBuffer.Frame(frame.codec(), frame.data(), lastTimestamp, frame.keyframe()));
            }
        }
        return chosen;
    }

    private void choose(long nowNanos, Layer from) {
        if (wanted == null || from.rid.equals(selected)) {
            follow(nowNanos, from);
        }
        if (from.equals(wanted)) {
            silentSinceNanos = TimerTable.NEVER;
        } else if (silentSinceNanos == TimerTable.NEVER) {
            silentSinceNanos = nowNanos;
        } else if (nowNanos - silentSinceNanos >= SILENCE_NANOS) {
            follow(nowNanos, bestOfOthers(from));
        }
        if (windowNanos == TimerTable.NEVER) {
            windowNanos = nowNanos;
        } else if (nowNanos - windowNanos >= WINDOW_NANOS) {
            compare(nowNanos, from);
            windowNanos = nowNanos;
            layers.forEach(layer -> layer.windowBytes = 0);
        }
    }

    /// The stream that has carried most since the last comparison.
    private Layer best(Layer from) {
        Layer best = from;
        for (Layer layer : layers) {
            best = layer.windowBytes > best.windowBytes ? layer : best;
        }
        return best;
    }

    private Layer bestOfOthers(Layer from) {
        if (wanted != null) {
            wanted.windowBytes = 0; // what it carried before it fell silent
        }
        return best(from);
    }

    private void compare(long nowNanos, Layer from) {
        Layer best = best(from);
        Layer standing = wanted;
        if (standing == null || standing.rid.equals(selected) || best.windowBytes < BETTER * standing.windowBytes) {
            winner = null;
            return;
        }
        wins = best.equals(winner) ? wins + 1 : 1;
        winner = best;
        if (wins >= WINS) {
            follow(nowNanos, best);
        }
    }

    private void follow(long nowNanos, Layer layer) {
        if (layer.equals(wanted)) {
            return;
        }
        if (wanted != null && !wanted.equals(shown)) {
            wanted.receiver.sleep();
        }
        wanted = layer;
        winner = null;
        silentSinceNanos = TimerTable.NEVER;
        if (!layer.equals(shown)) {
            layer.receiver.wake(nowNanos);
        }
    }

    private void show(long nowNanos, Layer layer, int timestamp) {
        if (shown != null) {
            shown.receiver.sleep();
            long passed = (nowNanos - lastNanos) * clockRate / NANOS_PER_SECOND;
            timestampOffset = lastTimestamp + (int) Math.max(1, passed) - timestamp;
            switches++;
        }
        shown = layer;
        layer.receiver.keyframeTaken();
    }
}
