package dev.nearhand.app.session;

import dev.nearhand.capture.codec.VideoCodec;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The screen in every format that somebody watches it in, captured and encoded once for each of them. Nearly always
/// that is one. Any thread; only [#close] waits.
public final class Broadcasts implements AutoCloseable {
    private final HostConfig config;
    private final HostDevices devices;
    private final Consumer<String> failed;
    private final Map<VideoCodec, ScreenBroadcast> broadcasts = new EnumMap<>(VideoCodec.class);
    private boolean closed;

    /// @param failed told when the screen cannot be captured or encoded any more, with a sentence for a person
    public Broadcasts(HostConfig config, HostDevices devices, Consumer<String> failed) {
        this.config = config;
        this.devices = devices;
        this.failed = failed;
    }

    public synchronized ScreenBroadcast in(VideoCodec codec) {
        ScreenBroadcast known = broadcasts.get(codec);
        if (known == null) {
            known = new ScreenBroadcast(codec, config, devices, failed);
            broadcasts.put(codec, known);
            if (closed) {
                known.close(); // it has never begun, so this waits for nothing
            }
        }
        return known;
    }

    /// How many watch now.
    public int outputs() {
        return all().stream().mapToInt(ScreenBroadcast::outputs).sum();
    }

    /// Of the format that most watch.
    public SessionStats stats() {
        return all().stream()
                .max(Comparator.comparingInt(ScreenBroadcast::outputs))
                .orElseGet(() -> in(VideoCodec.VP8))
                .stats();
    }

    private synchronized List<ScreenBroadcast> all() {
        return List.copyOf(broadcasts.values());
    }

    /// Ends all of them, and waits for that.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        all().forEach(ScreenBroadcast::close);
    }
}
