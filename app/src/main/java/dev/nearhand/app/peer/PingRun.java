package dev.nearhand.app.peer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import dev.nearhand.transport.api.DataChannelOptions;
import dev.nearhand.transport.api.TransportException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Sends numbered messages by a schedule that does not wait for the answers, and times how long each takes to come
/// back.
final class PingRun {
    /// The protocol of a channel on which the answers are to be redundant, too.
    static final String REDUNDANT = "redundant";

    private static final int OPEN_SECONDS = 10;

    /// @param size bytes of each, at least 4
    /// @param isRedundant whether both directions send again before they know of a loss
    ///   ([DataChannelOptions#redundant])
    /// @param settleMillis from the open channel to the first message
    /// @param graceMillis how long it waits for answers after the last one
    record Plan(
            int count,
            int size,
            double intervalMillis,
            boolean isUnreliable,
            boolean isRedundant,
            long settleMillis,
            long graceMillis) {
        DataChannelOptions options() {
            DataChannelOptions options = isUnreliable ? DataChannelOptions.unreliable() : DataChannelOptions.reliable();
            return isRedundant ? options.withRedundant(true).withProtocol(REDUNDANT) : options;
        }
    }

    private final Plan plan;
    private final DataChannel channel;
    private final Lines lines;
    private final String pc;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CountDownLatch complete;

    // guarded by this
    private final long[] sentNanos;
    private final long[] roundTripNanos;
    private long received;

    PingRun(Plan plan, DataChannel channel, Lines lines, String pc) {
        this.plan = plan;
        this.channel = channel;
        this.lines = lines;
        this.pc = pc;
        this.complete = new CountDownLatch(plan.count);
        this.sentNanos = new long[plan.count];
        this.roundTripNanos = new long[plan.count];
    }

    void start() {
        channel.onMessage(this::receive);
        channel.onOpen(opened::countDown);
        // an own thread: the schedule has to be kept whatever else waits
        Thread.ofPlatform().name("nearhand-ping").daemon().start(this::run);
    }

    private void run() {
        try {
            if (!opened.await(OPEN_SECONDS, TimeUnit.SECONDS)) {
                lines.failure(pc, "ping", "the channel is not open after " + OPEN_SECONDS + " s");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(plan.settleMillis);
            long startNanos = System.nanoTime();
            int sent = sendAll(startNanos);
            boolean isAll = complete.await(plan.graceMillis, TimeUnit.MILLISECONDS);
            long elapsedNanos = System.nanoTime() - startNanos;
            report(sent, elapsedNanos - (isAll ? 0 : TimeUnit.MILLISECONDS.toNanos(plan.graceMillis)));
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (TransportException refused) {
            lines.failure(pc, "ping", String.valueOf(refused.getMessage()));
        } finally {
            channel.close();
        }
    }

    private int sendAll(long startNanos) throws InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(plan.size);
        for (int i = 0; i < plan.count; i++) {
            long dueNanos = startNanos + (long) (i * plan.intervalMillis * TimeUnit.MILLISECONDS.toNanos(1));
            for (long rest = dueNanos - System.nanoTime(); rest > 0; rest = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(rest);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            synchronized (this) {
                sentNanos[i] = System.nanoTime();
            }
            channel.send(message.putInt(0, i));
        }
        return plan.count;
    }

    private synchronized void receive(DataChannelMessage message) {
        long now = System.nanoTime();
        ByteBuffer data = message.data();
        int index = data.remaining() < Integer.BYTES ? -1 : data.getInt(data.position());
        if (index < 0 || index >= plan.count || sentNanos[index] == 0 || roundTripNanos[index] != 0) {
            return;
        }
        roundTripNanos[index] = Math.max(1, now - sentNanos[index]);
        received++;
        complete.countDown();
    }

    /// @param elapsedNanos from the first message to the last answer or, with some missing, to the last message
    private synchronized void report(int sent, long elapsedNanos) {
        long[] times =
                Arrays.stream(roundTripNanos).filter(time -> time > 0).sorted().toArray();
        ObjectNode figures = Lines.object().put("sent", sent).put("received", received);
        put(figures, "min", times, 0);
        put(figures, "p50", times, 50);
        put(figures, "p95", times, 95);
        put(figures, "p99", times, 99);
        put(figures, "max", times, 100);
        lines.event("pings", pc, figures.put("elapsed", Lines.millis(elapsedNanos)));
    }

    /// By the nearest rank; null where nothing came back.
    private static void put(ObjectNode figures, String name, long[] sorted, int percent) {
        if (sorted.length == 0) {
            figures.putNull(name);
            return;
        }
        int rank = (int) Math.ceil(sorted.length * percent / 100.0);
        figures.put(name, Lines.millis(sorted[Math.max(0, rank - 1)]));
    }
}
