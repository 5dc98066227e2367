package dev.nearhand.transport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CoreDriverTest {
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    private static final Path PATH = new Path(SOMEWHERE, SOMEWHERE);

    /// Answers with one datagram of as many bytes as it was handed datagrams since, and tells each.
    private static final class Counting implements ProtocolCore<Integer> {
        private int handed;
        private int untold;

        @Override
        public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path from) {
            handed++;
            untold++;
        }

        @Override
        public void handleTimeout(long nowNanos) {}

        @Override
        public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
            if (handed == 0) {
                return null;
            }
            int bytes = handed;
            handed = 0;
            into.put(new byte[bytes]);
            return new Transmit(PATH, bytes);
        }

        @Override
        public @Nullable Integer pollEvent() {
            if (untold == 0) {
                return null;
            }
            return untold--;
        }

        @Override
        public long nextTimeoutNanos() {
            return TimerTable.NEVER;
        }
    }

    private static final class Outside implements CoreDriver.Port<Integer> {
        private final List<Integer> sent = new ArrayList<>();
        private final List<Integer> told = new ArrayList<>();

        @Override
        public void send(ByteBuffer borrowed, Path path) {
            sent.add(borrowed.remaining());
        }

        @Override
        public void onEvent(Integer event) {
            told.add(event);
        }

        @Override
        public void wakeAt(long atNanos) {}
    }

    private final Outside outside = new Outside();
    private final CoreDriver<Integer> driver = new CoreDriver<>(new Counting(), outside);

    private void arrive(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            driver.onDatagramOfBurst(0, ByteBuffer.allocate(1), PATH);
        }
    }

    @Test
    void answersADatagramThatComesAlone() {
        driver.onDatagram(0, ByteBuffer.allocate(1), PATH);
        assertThat(outside.sent).containsExactly(1);
        assertThat(outside.told).containsExactly(1);
    }

    @Test
    void answersABurstAtItsEnd() {
        arrive(3);
        assertThat(outside.sent).isEmpty();
        driver.onBurstEnd(0);
        assertThat(outside.sent).containsExactly(3);
        assertThat(outside.told).containsExactly(3, 2, 1);
        driver.onBurstEnd(0);
        assertThat(outside.sent).hasSize(1);
    }

    @Test
    void doesNotLetALongBurstPileUp() {
        arrive(2 * CoreDriver.MOST_UNDRAINED + 1);
        assertThat(outside.sent).containsExactly(CoreDriver.MOST_UNDRAINED, CoreDriver.MOST_UNDRAINED);
        driver.onBurstEnd(0);
        assertThat(outside.sent).containsExactly(CoreDriver.MOST_UNDRAINED, CoreDriver.MOST_UNDRAINED, 1);
    }

    @Test
    void anythingElseInBetweenAnswersWhatHasComeSoFar() {
        arrive(2);
        driver.onTimer(0);
        assertThat(outside.sent).containsExactly(2);
        arrive(1);
        driver.onBurstEnd(0);
        assertThat(outside.sent).containsExactly(2, 1);
    }

    @Test
    void changesInTheMiddleOfAnotherAreAnsweredWithIt() {
        driver.run(0, () -> {
            driver.run(0, () -> arrive(2));
            driver.run(0, () -> arrive(1));
            assertThat(outside.sent).isEmpty();
        });
        assertThat(outside.sent).containsExactly(3);
        assertThat(outside.told).containsExactly(3, 2, 1);
    }

    @Test
    void aChangeThatThrowsDoesNotKeepTheNextFromBeingAnswered() {
        assertThatThrownBy(() -> driver.run(0, () -> {
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");
        driver.run(0, () -> arrive(1));
        assertThat(outside.sent).containsExactly(1);
    }
}
