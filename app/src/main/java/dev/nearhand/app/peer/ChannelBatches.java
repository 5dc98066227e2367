package dev.nearhand.app.peer;

import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.PeerConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Opens many channels and closes them again, a batch at a time.
final class ChannelBatches {
    private static final int STEP_SECONDS = 10;

    private final PeerConnection connection;
    private final DataChannel main;
    private final int count;
    private final int batch;
    private final Lines lines;
    private final String pc;
    private int opened;
    private int closed;
    private long openNanos;
    private long closeNanos;

    /// @param main an open channel: what is to be done for it is done on the loop, a whole batch in one go
    ChannelBatches(PeerConnection connection, DataChannel main, int count, int batch, Lines lines, String pc) {
        this.connection = connection;
        this.main = main;
        this.count = count;
        this.batch = batch;
        this.lines = lines;
        this.pc = pc;
    }

    void start() {
        Thread.ofVirtual().name("nearhand-channels").start(this::run);
    }

    private void run() {
        try {
            for (int done = 0; done < count; done += batch) {
                one(Math.min(batch, count - done));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException refused) {
            lines.failure(pc, "channels", String.valueOf(refused.getMessage()));
            return;
        }
        lines.event(
                "channels",
                pc,
                Lines.object()
                        .put("count", count)
                        .put("batch", batch)
                        .put("opened", opened)
                        .put("closed", closed)
                        .put("failed", count - closed)
                        .put("openMs", Lines.millis(openNanos))
                        .put("closeMs", Lines.millis(closeNanos)));
    }

    private void one(int size) throws InterruptedException {
        Step opening = new Step(size);
        Step closing = new Step(size);
        List<DataChannel> channels = new ArrayList<>(size);
        long startNanos = System.nanoTime();
        main.onOpen(() -> {
            for (int i = 0; i < size; i++) {
                DataChannel channel = connection.createDataChannel("chan");
                channel.onOpen(opening::reached);
                channel.onClose(closing::reached);
                channels.add(channel);
            }
        });
        openNanos += opening.await(startNanos);
        opened += opening.count();
        long closeStartNanos = System.nanoTime();
        main.onOpen(() -> channels.forEach(DataChannel::close));
        closeNanos += closing.await(closeStartNanos);
        closed += closing.count();
    }

    /// Something that all channels of a batch are to come to.
    private static final class Step {
        private final CountDownLatch left;
        private final AtomicInteger reached = new AtomicInteger();

        Step(int size) {
            this.left = new CountDownLatch(size);
        }

        void reached() {
            reached.incrementAndGet();
            left.countDown();
        }

        int count() {
            return reached.get();
        }

        /// Nanoseconds since `startNanos` until all have come to it, or the time is up.
        long await(long startNanos) throws InterruptedException {
            boolean _ = left.await(STEP_SECONDS, TimeUnit.SECONDS);
            return System.nanoTime() - startNanos;
        }
    }
}
