package dev.nearhand.app.peer;

import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.TransportException;
import java.util.concurrent.TimeUnit;

/// Sends messages of one size as fast as the channel takes them, then says how many. On the connection's loop only.
final class BulkSender {
    private static final long PAUSE_BYTES = 4 << 20;
    private static final long GO_ON_BYTES = 1 << 20;

    /// How much is sent before the loop may do something else.
    private static final long TURN_BYTES = 8 << 20;

    /// How much is sent between two looks at what is buffered.
    private static final long LOOK_BYTES = 64 << 10;

    /// The receiver's clock starts later, and ends the run.
    private static final double EXTRA_SECONDS = 1;

    private final DataChannel channel;
    private final BulkLabel label;
    private final long count;
    private final BulkPattern pattern;
    private final Lines lines;
    private final String pc;
    private long sent;
    private long startNanos;
    private boolean isPumping;
    private boolean isDone;

    BulkSender(DataChannel channel, BulkLabel label, long count, int size, Lines lines, String pc) {
        this.channel = channel;
        this.label = label;
        this.count = count;
        this.pattern = new BulkPattern(size);
        this.lines = lines;
        this.pc = pc;
    }

    void start() {
        channel.bufferedAmountLowThreshold(GO_ON_BYTES);
        channel.onBufferedAmountLow(this::pump);
        channel.onClose(this::closed);
        channel.onOpen(() -> {
            startNanos = System.nanoTime();
            pump();
        });
    }

    private void closed() {
        if (!isDone) {
            isDone = true;
            lines.failure(pc, "send", "the channel of run " + label.run() + " closed after " + sent + " messages");
        }
    }

    private void pump() {
        if (isPumping || isDone) {
            return; // sending may itself tell that little is left
        }
        isPumping = true;
        try {
            long turnEnd = sent + Math.max(1, TURN_BYTES / pattern.size());
            while (!isDone && sent < turnEnd && channel.bufferedAmount() < PAUSE_BYTES) {
                sendSome();
                if (sent == count || isOverTime()) {
                    end();
                }
            }
            if (!isDone && sent >= turnEnd) {
                // that the connection is over can only be told between turns, and until then every message is taken
                Thread.startVirtualThread(() -> channel.onOpen(this::pump));
            }
        } catch (TransportException refused) {
            isDone = true;
            lines.failure(pc, "send", "run " + label.run() + ": " + refused.getMessage());
        } finally {
            isPumping = false;
        }
    }

    private void sendSome() {
        for (long given = 0; given < LOOK_BYTES && sent < count; given += pattern.size()) {
            // the pattern costs nothing a byte, so it is the same whether it is looked at or not
            pattern.with((int) sent, channel::send);
            sent++;
        }
    }

    private boolean isOverTime() {
        double allowed = (label.seconds() + EXTRA_SECONDS) * TimeUnit.SECONDS.toNanos(1);
        return label.seconds() > 0 && System.nanoTime() - startNanos >= allowed;
    }

    private void end() {
        isDone = true;
        channel.send("{\"end\":" + sent + "}");
        lines.event(
                "sent",
                pc,
                Lines.object().put("run", label.run()).put("count", sent).put("bytes", sent * pattern.size()));
    }
}
