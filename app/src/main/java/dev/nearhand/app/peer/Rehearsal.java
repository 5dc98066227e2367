package dev.nearhand.app.peer;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Connections of this program with itself, along which data of every kind goes for some seconds, so that the JVM sees
/// what it will have to be quick at: what it learns is kept for later starts (JEP 515).
public final class Rehearsal {
    private static final int CONNECTIONS = 12;
    private static final double LARGE_SECONDS = 6;
    private static final double SMALL_SECONDS = 3;
    private static final int LARGE_BYTES = 64 << 10;
    private static final int SMALL_BYTES = 1 << 10;
    private static final long MANY = 1L << 30;
    private static final int PINGS = 500;
    private static final int PING_BYTES = 64;
    private static final double PING_MILLIS = 2;
    private static final int CHANNELS = 8_000;
    private static final int CHANNELS_AT_ONCE = 100;
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();
    private final Lines lines = new Lines(new PrintWriter(new Events()));
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(
            1, Thread.ofPlatform().daemon().name("nearhand-rehearsal").factory());
    private final PeerEnd.Counters counters = new PeerEnd.Counters(new AtomicLong(), new AtomicLong());

    private Rehearsal() {}

    /// Takes some twenty-five seconds.
    ///
    /// @throws IllegalStateException when this machine does not reach itself
    public static void run() throws InterruptedException {
        Rehearsal rehearsal = new Rehearsal();
        try {
            for (int i = 1; i < CONNECTIONS; i++) {
                rehearsal.connect(_ -> {});
            }
            rehearsal.connect(rehearsal::exchange);
        } catch (BadRequest impossible) {
            throw new IllegalStateException(impossible.sentence(), impossible);
        } finally {
            rehearsal.timers.shutdownNow();
        }
    }

    private interface Use {
        void of(PeerEnd end) throws BadRequest, InterruptedException;
    }

    private void connect(Use use) throws BadRequest, InterruptedException {
        PeerEnd one = new PeerEnd("one", "offer", lines, timers, counters);
        PeerEnd other = new PeerEnd("other", "answer", lines, timers, counters);
        try {
            String offer = one.offer().path("sdp").asText();
            one.accept(other.answer(offer).path("sdp").asText());
            await("open");
            await("open");
            use.of(one);
        } finally {
            one.close();
            other.close();
        }
    }

    private void exchange(PeerEnd end) throws BadRequest, InterruptedException {
        end.send(new BulkLabel("large", LARGE_SECONDS, false), MANY, LARGE_BYTES, true);
        await("received");
        end.send(new BulkLabel("small", SMALL_SECONDS, false), MANY, SMALL_BYTES, false);
        await("received");
        end.send(new BulkLabel("again", LARGE_SECONDS, false), MANY, LARGE_BYTES, true);
        await("received");
        for (boolean isRedundant : new boolean[] {false, true}) {
            end.ping(new PingRun.Plan(PINGS, PING_BYTES, PING_MILLIS, false, isRedundant, 0, 1_000));
            await("pings");
        }
        end.channels(CHANNELS, CHANNELS_AT_ONCE);
        await("channels");
    }

    private void await(String event) throws InterruptedException {
        @Nullable JsonNode next;
        do {
            next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null || next.path("event").asText().equals("error")) {
                throw new IllegalStateException("no " + event + (next == null ? " in time" : ": " + next));
            }
        } while (!next.path("event").asText().equals(event));
    }

    /// What the ends tell, a line each.
    private final class Events extends Writer {
        private final StringBuilder line = new StringBuilder();

        @Override
        public void write(char[] from, int offset, int length) {
            line.append(from, offset, length);
        }

        @Override
        public void flush() {
            try {
                events.add(Request.MAPPER.readTree(line.toString()));
                line.setLength(0);
            } catch (JacksonException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
