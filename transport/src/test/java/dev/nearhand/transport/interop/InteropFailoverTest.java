package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.testing.net.MortalAddresses;
import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of our two addresses the one in use dies without a word, and we nominate the other one: to a program of somebody
/// else, for which RFC 8445 knows one nomination only. Some follow (Chromium does). pion/ice 2 follows to a pair whose
/// priority is not lower than that of the one it has, and to no other: this side then has to notice, and a restart has
/// to help. No bound here is tight; what was seen is printed.
class InteropFailoverTest {
    private static final int ECHOES_BEFORE = 50;
    private static final long BETWEEN_MILLIS = 50;
    private static final int CONNECT_SECONDS = 30;
    /// The other side repeats what got lost ever more seldom.
    private static final int RETURN_SECONDS = 60;

    @TempDir
    Path folder;

    /// Numbers and their echoes, which come in order and each once.
    private static final class Echoes {
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        private final DataChannel channel;
        private int sent;
        private int received;

        Echoes(DataChannel channel) {
            this.channel = channel;
            channel.onMessage(message -> queue.add(message.text()));
        }

        /// Sends a number, and takes what comes in the time until the next.
        void step() throws InterruptedException {
            channel.send("number " + sent++);
            for (@Nullable String echo = queue.poll(BETWEEN_MILLIS, TimeUnit.MILLISECONDS);
                    echo != null;
                    echo = queue.poll()) {
                assertThat(echo).isEqualTo("number " + received++);
            }
        }

        void awaitMore(int count) throws InterruptedException {
            int wanted = received + count;
            while (received < wanted) {
                step();
            }
        }
    }

    private static InetAddress inUse(MortalAddresses addresses, Echoes echoes) throws InterruptedException {
        InetAddress one = addresses.all().getFirst();
        InetAddress other = addresses.all().getLast();
        long toOne = addresses.packetsTo(one);
        long toOther = addresses.packetsTo(other);
        echoes.awaitMore(ECHOES_BEFORE);
        return addresses.packetsTo(one) - toOne > addresses.packetsTo(other) - toOther ? one : other;
    }

    private static void switchesTo(ForeignPeer foreign, String name) throws Exception {
        try (MortalAddresses addresses = new MortalAddresses();
                PeerConnection ours =
                        PeerConnection.create(PeerConfig.defaults().withLocalAddresses(addresses::all))) {
            BlockingQueue<String> silences = new LinkedBlockingQueue<>();
            ours.onStateChange((state, reason) -> {
                if (state == ConnectionState.DISCONNECTED) {
                    silences.add(reason);
                }
            });
            CompletableFuture<DataChannel> open = new CompletableFuture<>();
            DataChannel channel = ours.createDataChannel("main");
            channel.onOpen(() -> open.complete(channel));
            EchoExchange.offer(ours, foreign);
            Echoes echoes = new Echoes(open.get(CONNECT_SECONDS, TimeUnit.SECONDS));
            InetAddress used = inUse(addresses, echoes);
            long cut = System.nanoTime();
            addresses.kill(used);
            int before = echoes.sent;
            String how = "it has followed";
            while (echoes.received <= before) {
                echoes.step();
                @Nullable String reason = silences.poll();
                if (reason != null && reason.contains("does not follow")) {
                    how = "by an ICE restart after " + millisSince(cut) + " ms";
                    ours.restartIce();
                    EchoExchange.offer(ours, foreign);
                }
                assertThat(millisSince(cut))
                        .as("%s%nstats: %s%ntheirs: %s", how, ours.stats(), foreign.log())
                        .isLessThan(TimeUnit.SECONDS.toMillis(RETURN_SECONDS));
            }
            System.out.println("the address that " + name + " used is dead: echoes are back after " + millisSince(cut)
                    + " ms, " + how);
            assertThat(inUse(addresses, echoes)).isNotEqualTo(used);
            assertThat(ours.state()).isEqualTo(ConnectionState.CONNECTED);
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    @Test
    void pionIsReachedAtTheOtherAddress() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer pion = ForeignPrograms.pion(folder)) {
            switchesTo(pion, "pion");
        }
    }

    @Test
    void chromiumIsReachedAtTheOtherAddress() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                ForeignPeer chromium = new ChromiumPeer(folder)) {
            switchesTo(chromium, "Chromium");
        }
    }
}
