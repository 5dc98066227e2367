package dev.nearhand.transport.api;

import static dev.nearhand.transport.api.ConnectedPair.PATIENCE_SECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Anybody can send anything to an open port: a session must neither stall nor grow by it.
@Timeout(120)
class FloodTest {
    private static final int DATAGRAMS_PER_SECOND = 50_000;
    /// At least; on a busy machine it goes on until enough has come in and been echoed.
    private static final int SECONDS_OF_FLOOD = 6;
    private static final int LEAST_RECEIVED = 25_000;
    private static final int LEAST_ECHOES = 11;
    private static final long MOST_GROWTH_BYTES = 32 << 20;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

    /// Sends from many ports what begins like each of the protocols that share the port, and goes on at random.
    private static final class Flood implements AutoCloseable {
        private static final int SOURCES = 32;
        private static final int LONGEST = 1_400;
        /// STUN, TURN's channels, DTLS, RTP, RTCP, ZRTP's range, and nothing known (RFC 7983, RFC 5761).
        private static final int[] FIRST_BYTES = {0, 1, 0x40, 20, 22, 23, 0x80, 0x90, 0x80, 16, 200};

        private final List<DatagramChannel> sources = new ArrayList<>();
        private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);
        private final RandomGenerator random = new SplittableRandom(1);
        private final byte[] noise = new byte[1 << 16];
        private final InetSocketAddress target;
        private final AtomicLong sent = new AtomicLong();
        private volatile boolean isLongEnough;
        private volatile boolean over;
        private final Thread thread = new Thread(this::run, "flood");

        Flood(InetSocketAddress target) throws IOException {
            this.target = target;
            random.nextBytes(noise);
            for (int i = 0; i < SOURCES; i++) {
                sources.add(DatagramChannel.open().bind(new InetSocketAddress(target.getAddress(), 0)));
            }
            thread.start();
        }

        private void run() {
            long began = System.nanoTime();
            long end = began + SECONDS_OF_FLOOD * 1_000_000_000L;
            try {
                for (long now = began; now < end || !isLongEnough; now = System.nanoTime()) {
                    long due = (now - began) * DATAGRAMS_PER_SECOND / 1_000_000_000L;
                    while (sent.get() < due) {
                        fill();
                        sources.get((int) (sent.get() % SOURCES)).send(datagram, target);
                        sent.incrementAndGet();
                    }
                    LockSupport.parkNanos(200_000);
                }
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            } finally {
                over = true;
            }
        }

        private void fill() {
            int length = 1 + random.nextInt(LONGEST);
            datagram.clear()
                    .put(noise, random.nextInt(noise.length - LONGEST), length)
                    .flip();
            datagram.put(0, (byte) FIRST_BYTES[random.nextInt(FIRST_BYTES.length)]);
            if (length > 8 && random.nextBoolean()) { // a whole STUN header
                datagram.putShort(2, (short) (length - 20)).putInt(4, 0x2112_A442);
            }
        }

        @Override
        public void close() throws IOException {
            isLongEnough = true;
            while (thread.isAlive()) {
                Thread.onSpinWait(); // it ends by itself
            }
            for (DatagramChannel source : sources) {
                source.close();
            }
        }
    }

    /// The other tests look for leaks at every buffer, which costs many times what a datagram does.
    @BeforeEach
    void lookForLeaksAsAProgramDoes() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    }

    @AfterEach
    void lookForLeaksAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void fiftyThousandRandomDatagramsASecondNeitherStallNorGrowASession() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (ConnectedPair pair = new ConnectedPair(PeerConfig.defaults().withBindAddresses(List.of(loopback)))) {
            ConnectedPair.Ends ends = pair.open("talk", DataChannelOptions.reliable());
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            ends.answerers().onMessage(message -> ends.answerers().send(message.text()));
            ends.offerers().onMessage(message -> heard.add(message.text()));
            InetSocketAddress open = new InetSocketAddress(loopback, portOf(pair.answerer.createOffer()));
            long packetsBefore = pair.answerer.stats().packetsReceived();
            long bytesBefore = usedBytes();
            int echoes = 0;
            try (Flood flood = new Flood(open)) {
                while (!flood.over) {
                    ends.offerers().send("are you there " + echoes);
                    assertThat(heard.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo("are you there " + echoes);
                    echoes++;
                    flood.isLongEnough = echoes >= LEAST_ECHOES
                            && flood.sent.get() > DATAGRAMS_PER_SECOND
                            && pair.answerer.stats().packetsReceived() - packetsBefore >= LEAST_RECEIVED;
                }
                assertThat(flood.isLongEnough)
                        .as("what was sent came in, was counted, and held no echo up")
                        .isTrue();
            }
            assertThat(usedBytes() - bytesBefore).isLessThan(MOST_GROWTH_BYTES);
            assertThat(pair.offererStates.stream().filter(state -> state.startsWith("CONNECTED")))
                    .hasSize(1);
        }
    }

    private static int portOf(SessionDescription description) {
        String line = description
                .sdp()
                .lines()
                .filter(each -> each.startsWith("a=candidate:"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.split(" ")[5]);
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
