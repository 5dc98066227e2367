package dev.nearhand.transport.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Channels that are opened and closed in one go.
class ManyChannelsTest {
    private static final int CHANNELS = 1_000;

    /// Many to a packet: 32 bytes each, in packets of 1,100 bytes or more, and the answers to them.
    private static final long FEW_PACKETS = CHANNELS / 4;

    @Test
    void openedAndClosedInOneTaskTheyShareTheirPackets() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            DataChannel first =
                    pair.open("first", DataChannelOptions.reliable()).offerers();
            CountDownLatch opened = new CountDownLatch(CHANNELS);
            CountDownLatch heardOf = new CountDownLatch(CHANNELS);
            CountDownLatch closed = new CountDownLatch(2 * CHANNELS);
            pair.answerer.onDataChannel(channel -> {
                heardOf.countDown();
                channel.onClose(closed::countDown);
            });
            List<DataChannel> channels = new ArrayList<>();
            long before = packetsSent(pair);
            first.onOpen(() -> {
                for (int i = 0; i < CHANNELS; i++) {
                    DataChannel channel = pair.offerer.createDataChannel("many");
                    channel.onOpen(opened::countDown);
                    channel.onClose(closed::countDown);
                    channels.add(channel);
                }
            });
            assertThat(opened.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
            assertThat(heardOf.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
            long toOpen = packetsSent(pair) - before;
            first.onOpen(() -> channels.forEach(DataChannel::close));
            assertThat(closed.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
            long toClose = packetsSent(pair) - before - toOpen;
            assertThat(toOpen).isLessThan(FEW_PACKETS);
            assertThat(toClose).isLessThan(FEW_PACKETS);
        }
    }

    private static long packetsSent(ConnectedPair pair) {
        return pair.offerer.stats().packetsSent() + pair.answerer.stats().packetsSent();
    }

    /// What a task throws is its own affair, and the next one runs.
    @Test
    void aTaskThatThrowsEndsNothing() {
        try (ConnectedPair pair = new ConnectedPair()) {
            DataChannel first =
                    pair.open("first", DataChannelOptions.reliable()).offerers();
            first.onOpen(() -> {
                throw new IllegalStateException("planted");
            });
            CompletableFuture<Boolean> next = new CompletableFuture<>();
            first.onOpen(() -> next.complete(true));
            assertThat(ConnectedPair.await(next)).isTrue();
            assertThat(pair.offerer.state()).isEqualTo(ConnectionState.CONNECTED);
        }
    }
}
