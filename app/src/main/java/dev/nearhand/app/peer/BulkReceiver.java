package dev.nearhand.app.peer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Counts what comes on a bulk channel, and tells once how much and how fast. On the connection's loop, and on the
/// thread of the timers: so it has a lock, which hardly ever waits.
final class BulkReceiver {
    private static final Pattern END = Pattern.compile("\\s*\\{\\s*\"end\"\\s*:\\s*(\\d{1,18})\\s*}\\s*");

    private final BulkLabel label;
    private final Lines lines;
    private final String pc;
    private final ScheduledExecutorService timers;
    private final @Nullable MessageDigest digest;
    private @Nullable BulkPattern pattern;
    private long count;
    private long bytes;
    private long firstNanos;
    private long lastNanos;
    private long announced = -1;
    private boolean isDone;
    private boolean isDamaged;

    BulkReceiver(BulkLabel label, Lines lines, String pc, ScheduledExecutorService timers) {
        this.label = label;
        this.lines = lines;
        this.pc = pc;
        this.timers = timers;
        this.digest = label.isVerified() ? sha256() : null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    void start(DataChannel channel) {
        channel.onMessage(this::receive);
        channel.onClose(this::closed);
    }

    private synchronized void receive(DataChannelMessage message) {
        if (isDone) {
            return;
        }
        if (message.isText()) {
            Matcher end = END.matcher(message.text());
            if (end.matches()) {
                announced = Long.parseLong(end.group(1));
            }
        } else {
            lastNanos = System.nanoTime();
            if (count == 0) {
                begin();
            }
            count++;
            bytes += message.data().remaining();
            if (digest != null) {
                verify(digest, message);
            }
        }
        if (count == announced) {
            report(false, lastNanos - firstNanos);
        }
    }

    private void begin() {
        firstNanos = lastNanos;
        if (label.seconds() > 0) {
            long limitNanos = (long) (label.seconds() * TimeUnit.SECONDS.toNanos(1));
            timers.schedule(this::timeIsUp, limitNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void verify(MessageDigest sha256, DataChannelMessage message) {
        sha256.update(message.data().duplicate());
        int size = message.data().remaining();
        BulkPattern wanted = pattern;
        if (wanted == null || wanted.size() < size) {
            wanted = new BulkPattern(size);
            pattern = wanted;
        }
        int difference = wanted.difference(message.data());
        if (difference >= 0 && !isDamaged) {
            isDamaged = true;
            lines.failure(
                    pc,
                    "send",
                    "run " + label.run() + ": message " + (count - 1) + " is damaged at byte " + difference);
        }
    }

    private synchronized void timeIsUp() {
        if (!isDone) {
            report(true, System.nanoTime() - firstNanos);
        }
    }

    private synchronized void closed() {
        if (!isDone) {
            isDone = true;
            lines.failure(pc, "send", "the channel of run " + label.run() + " closed after " + count + " messages");
        }
    }

    private void report(boolean isLimited, long nanos) {
        isDone = true;
        ObjectNode figures = Lines.object()
                .put("run", label.run())
                .put("count", count)
                .put("bytes", bytes)
                .put("seconds", Math.round(nanos / 1e3) / 1e6)
                .put("limited", isLimited);
        if (digest != null) {
            figures.put("sha256", HexFormat.of().formatHex(digest.digest()));
        }
        pattern = null;
        lines.event("received", pc, figures);
    }
}
