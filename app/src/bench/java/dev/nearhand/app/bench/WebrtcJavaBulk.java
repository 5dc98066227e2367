package dev.nearhand.app.bench;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Transfers and pings of [WebrtcJavaPeer].
final class WebrtcJavaBulk {
    private static final long PAUSE = 4 << 20;
    private static final long GO_ON = 1 << 20;
    private static final long LOOK = 64 << 10;
    private static final int PERIOD = 256;
    private static final long LOOK_NANOS = 500_000;
    private static final Timer TIMER = new Timer(true);

    private WebrtcJavaBulk() {}

    static void send(String pc, WebrtcJavaChannel channel, JsonNode command) throws InterruptedException {
        int size = command.path("size").asInt();
        long count = command.path("bytes").asLong() / size;
        double seconds = command.path("seconds").asDouble();
        ByteBuffer pattern = ByteBuffer.allocateDirect(size + PERIOD);
        for (int at = 0; at < pattern.capacity(); at++) {
            pattern.put(at, (byte) at);
        }
        channel.awaitOpen();
        long start = System.nanoTime();
        long sent = 0;
        while (sent < count && !(seconds > 0 && System.nanoTime() - start > (seconds + 1) * 1e9)) {
            for (long given = 0; given < LOOK && sent < count; given += size) {
                sendOne(channel, pattern, size, (int) sent++);
            }
            if (channel.bufferedAmount() >= PAUSE) {
                while (channel.bufferedAmount() > GO_ON) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
        channel.send("{\"end\":" + sent + "}");
        WebrtcJavaPeer.out(WebrtcJavaPeer.event("sent", pc)
                .put("run", command.path("run").asText())
                .put("count", sent)
                .put("bytes", sent * size));
    }

    private static void sendOne(WebrtcJavaChannel channel, ByteBuffer pattern, int size, int index) {
        int from = index & (PERIOD - 1);
        ByteBuffer message = pattern.slice(from, size);
        int head = Math.min(Integer.BYTES, size);
        for (int at = 0; at < head; at++) {
            message.put(at, (byte) (index >>> (24 - 8 * at)));
        }
        channel.send(message);
        for (int at = 0; at < head; at++) {
            pattern.put(from + at, (byte) (from + at));
        }
    }

    static void receive(String pc, WebrtcJavaChannel channel) {
        String[] words = channel.label().split("\\|");
        Receiver receiver = new Receiver(pc, words[1], Double.parseDouble(words[2]), words[3].equals("1"));
        channel.onMessage(receiver::take);
        channel.onText(receiver::end);
    }

    private static final class Receiver extends TimerTask {
        private final String pc;
        private final String run;
        private final double seconds;
        private final @Nullable MessageDigest digest;
        private long count;
        private long bytes;
        private long first;
        private long last;
        private long announced = -1;
        private boolean isDone;

        Receiver(String pc, String run, double seconds, boolean isVerified) {
            this.pc = pc;
            this.run = run;
            this.seconds = seconds;
            try {
                this.digest = isVerified ? MessageDigest.getInstance("SHA-256") : null;
            } catch (NoSuchAlgorithmException everyJavaHasIt) {
                throw new IllegalStateException(everyJavaHasIt);
            }
        }

        synchronized void take(ByteBuffer message) {
            if (isDone) {
                return;
            }
            last = System.nanoTime();
            if (count == 0) {
                first = last;
                if (seconds > 0) {
                    TIMER.schedule(this, (long) (seconds * 1e3));
                }
            }
            count++;
            bytes += message.remaining();
            if (digest != null) {
                digest.update(message);
            }
            reportAtEnd();
        }

        synchronized void end(String text) {
            try {
                announced = WebrtcJavaPeer.JSON.readTree(text).path("end").asLong();
            } catch (JacksonException malformed) {
                WebrtcJavaPeer.failure(pc, "send", malformed);
            }
            reportAtEnd();
        }

        private void reportAtEnd() {
            if (!isDone && count == announced) {
                report(false, last - first);
            }
        }

        @Override
        public synchronized void run() {
            if (!isDone) {
                report(true, System.nanoTime() - first);
            }
        }

        private void report(boolean isLimited, long nanos) {
            isDone = true;
            ObjectNode figures = WebrtcJavaPeer.event("received", pc)
                    .put("run", run)
                    .put("count", count)
                    .put("bytes", bytes)
                    .put("seconds", nanos / 1e9)
                    .put("limited", isLimited);
            if (digest != null) {
                figures.put("sha256", HexFormat.of().formatHex(digest.digest()));
            }
            WebrtcJavaPeer.out(figures);
        }
    }

    static void ping(String pc, WebrtcJavaChannel channel, JsonNode command) throws InterruptedException {
        int count = command.path("count").asInt();
        long[] sentAt = new long[count];
        long[] times = new long[count];
        CountDownLatch complete = new CountDownLatch(count);
        channel.onMessage(message -> {
            long now = System.nanoTime();
            int index = message.remaining() < Integer.BYTES ? -1 : message.getInt(message.position());
            synchronized (times) {
                if (index >= 0 && index < count && sentAt[index] != 0 && times[index] == 0) {
                    times[index] = now - sentAt[index];
                    complete.countDown();
                }
            }
        });
        channel.observe();
        channel.awaitOpen();
        TimeUnit.MILLISECONDS.sleep(command.path("settleMs").asLong(500));
        long start = System.nanoTime();
        byte[] message = new byte[command.path("size").asInt()];
        for (int i = 0; i < count; i++) {
            long due = start + (long) (i * command.path("intervalMs").asDouble() * 1e6);
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                LockSupport.parkNanos(rest);
            }
            ByteBuffer.wrap(message).putInt(0, i);
            synchronized (times) {
                sentAt[i] = System.nanoTime();
            }
            channel.send(message);
        }
        long grace = command.path("graceMs").asLong(command.path("unreliable").asBoolean() ? 2_000 : 15_000);
        boolean isAll = complete.await(grace, TimeUnit.MILLISECONDS);
        double elapsed = (System.nanoTime() - start) / 1e6 - (isAll ? 0 : grace);
        channel.close();
        synchronized (times) {
            report(pc, count, times, elapsed);
        }
    }

    private static void report(String pc, int count, long[] times, double elapsed) {
        double[] sorted = Arrays.stream(times)
                .filter(time -> time > 0)
                .sorted()
                .mapToDouble(time -> time / 1e6)
                .toArray();
        ObjectNode figures =
                WebrtcJavaPeer.event("pings", pc).put("sent", count).put("received", sorted.length);
        String[] names = {"min", "p50", "p95", "p99", "max"};
        int[] percents = {0, 50, 95, 99, 100};
        for (int i = 0; i < names.length && sorted.length > 0; i++) {
            int rank = (int) Math.ceil(sorted.length * percents[i] / 100.0);
            figures.put(names[i], sorted[Math.max(0, rank - 1)]);
        }
        WebrtcJavaPeer.out(figures.put("elapsed", elapsed));
    }
}
