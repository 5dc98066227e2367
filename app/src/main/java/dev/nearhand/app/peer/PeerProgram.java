package dev.nearhand.app.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.transport.api.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Reads commands, one JSON object a line, and does them one after the other; what takes longer tells its end by an
/// event (docs/peer.md). No input ends it but `quit` and the end of input.
public final class PeerProgram {
    /// The largest message it sends and receives.
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private static final int MAX_CONNECTIONS = 1_000;
    private static final long MOST_BYTES = 1L << 44;
    private static final int MOST_PINGS = 1_000_000;
    private static final int MOST_PING_BYTES = 1 << 20;
    private static final int MOST_MILLIS = 600_000;
    private static final int MOST_CHANNELS = 1_000_000;

    /// Fewer than a connection can have: some are in use, and numbers come back only when a channel is quite closed.
    private static final int MOST_CHANNELS_AT_ONCE = 2_000;

    private static final long UNRELIABLE_GRACE_MILLIS = 2_000;
    private static final long RELIABLE_GRACE_MILLIS = 15_000;
    private static final long SETTLE_MILLIS = 500;
    private static final long GOODBYE_MILLIS = 1_000;

    private final LineReader in;
    private final Lines lines;
    private final String version;
    private final Map<String, PeerEnd> ends = new HashMap<>();
    private final PeerEnd.Counters counters = new PeerEnd.Counters(new AtomicLong(), new AtomicLong());
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("nearhand-peer-timers").factory());

    public PeerProgram(InputStream in, PrintWriter out, String version) {
        this.in = new LineReader(in, Request.LIMIT_BYTES);
        this.lines = new Lines(out);
        this.version = version;
    }

    /// Goes on until `quit`, or the end of input.
    ///
    /// @throws IOException when the input cannot be read
    public void run() throws IOException, InterruptedException {
        try {
            boolean goesOn = true;
            for (LineReader.Line line = in.next(); line != null && goesOn; line = goesOn ? in.next() : null) {
                if (line.isTooLong()) {
                    lines.refuse(NullNode.getInstance(), "a line has at most " + Request.LIMIT_BYTES + " bytes");
                } else if (!line.text().isBlank()) {
                    goesOn = obey(line.text());
                }
            }
        } finally {
            sayGoodbye();
            timers.shutdownNow();
        }
    }

    /// @return whether it goes on
    private boolean obey(String line) {
        JsonNode id = NullNode.getInstance();
        try {
            Request request = Request.parse(line);
            id = request.id();
            String cmd = request.cmd();
            lines.reply(id, done(cmd, request));
            return !cmd.equals("quit");
        } catch (BadRequest refused) {
            lines.refuse(id, refused.sentence());
        } catch (TransportException | IllegalStateException | IllegalArgumentException failure) {
            lines.refuse(id, String.valueOf(failure.getMessage()));
        }
        return true;
    }

    private ObjectNode done(String cmd, Request request) throws BadRequest {
        switch (cmd) {
            case "info" -> {
                return Lines.object()
                        .put("name", "nearhand")
                        .put("version", version)
                        .put("maxMessage", MAX_MESSAGE_BYTES);
            }
            case "offer" -> {
                return made(request, cmd, PeerEnd::offer);
            }
            case "answer" -> {
                String sdp = request.text("sdp", Request.LIMIT_BYTES);
                return made(request, cmd, end -> end.answer(sdp));
            }
            case "stat" -> {
                return Lines.object()
                        .put("channelsSeen", counters.channels().get())
                        .put("pingsEchoed", counters.pings().get())
                        .put("pcs", ends.size());
            }
            case "accept" -> known(request).accept(request.text("sdp", Request.LIMIT_BYTES));
            case "send" -> send(request);
            case "ping" -> ping(request);
            case "channels" -> channels(request);
            case "reset" -> reset();
            case "quit" -> {
                // what it does comes after the reply
            }
            default ->
                throw new BadRequest("unknown command; there are info, offer, accept, answer, send, ping,"
                        + " channels, stat, reset and quit");
        }
        return Lines.object().put("ok", true);
    }

    private interface Make {
        ObjectNode describe(PeerEnd end);
    }

    private ObjectNode made(Request request, String cmd, Make make) throws BadRequest {
        String pc = request.pc();
        if (ends.containsKey(pc)) {
            throw new BadRequest("pc " + pc + " is there already; reset closes all");
        }
        if (ends.size() == MAX_CONNECTIONS) {
            throw new BadRequest("there are at most " + MAX_CONNECTIONS + " connections");
        }
        PeerEnd end = new PeerEnd(pc, cmd, lines, timers, counters);
        try {
            ObjectNode description = make.describe(end);
            ends.put(pc, end);
            return description;
        } finally {
            if (ends.get(pc) != end) {
                end.close();
            }
        }
    }

    private PeerEnd known(Request request) throws BadRequest {
        String pc = request.pc();
        PeerEnd end = ends.get(pc);
        if (end == null) {
            throw new BadRequest("there is no pc " + pc);
        }
        return end;
    }

    private void send(Request request) throws BadRequest {
        PeerEnd end = known(request);
        int size = (int) request.number("size", 1, MAX_MESSAGE_BYTES);
        long bytes = request.number("bytes", size, MOST_BYTES);
        BulkLabel label = new BulkLabel(
                request.word("run"),
                request.decimal("seconds", BulkLabel.MOST_SECONDS, 0),
                request.flag("verify", false));
        end.send(label, bytes / size, size, request.flag("ordered", true));
    }

    private void ping(Request request) throws BadRequest {
        boolean isUnreliable = request.flag("unreliable", false);
        known(request)
                .ping(new PingRun.Plan(
                        (int) request.number("count", 1, MOST_PINGS),
                        (int) request.number("size", Integer.BYTES, MOST_PING_BYTES),
                        request.decimal("intervalMs", MOST_MILLIS, 0),
                        isUnreliable,
                        request.flag("redundant", false),
                        request.number("settleMs", 0, MOST_MILLIS, SETTLE_MILLIS),
                        request.number(
                                "graceMs",
                                0,
                                MOST_MILLIS,
                                isUnreliable ? UNRELIABLE_GRACE_MILLIS : RELIABLE_GRACE_MILLIS)));
    }

    private void channels(Request request) throws BadRequest {
        PeerEnd end = known(request);
        int count = (int) request.number("count", 1, MOST_CHANNELS);
        end.channels(
                count, (int) request.number("batch", 1, MOST_CHANNELS_AT_ONCE, Math.min(count, MOST_CHANNELS_AT_ONCE)));
    }

    private void reset() {
        ends.values().forEach(PeerEnd::close);
        ends.clear();
    }

    /// Lets the other sides know, before the process ends.
    private void sayGoodbye() throws InterruptedException {
        List<PeerEnd> last = List.copyOf(ends.values());
        reset();
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GOODBYE_MILLIS);
        for (PeerEnd end : last) {
            boolean _ = end.closed().await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }
}
