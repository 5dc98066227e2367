package dev.nearhand.transport.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.ChromiumPeer;
import dev.nearhand.testing.interop.ForeignPeer;
import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.DataChannelMessage;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A hundred messages, text and binary, from one byte to the 60 KiB that every program takes, sent at once and expected
/// back in order.
final class EchoExchange {
    private static final int MESSAGES = 100;
    private static final int LARGEST = 60_000;

    private final StringBuffer states = new StringBuffer();
    private final BlockingQueue<DataChannelMessage> echoes = new LinkedBlockingQueue<>();
    private final CompletableFuture<DataChannel> open = new CompletableFuture<>();

    private void use(DataChannel channel) {
        channel.onMessage(echoes::add);
        channel.onOpen(() -> open.complete(channel));
    }

    /// Connects as offerer with a channel of our own.
    ///
    /// @return the kinds of the candidates of the path in use
    static String offering(ForeignPeer foreign) throws Exception {
        return offering(foreign, PeerConfig.defaults());
    }

    static String offering(ForeignPeer foreign, PeerConfig config) throws Exception {
        EchoExchange exchange = new EchoExchange();
        try (PeerConnection connection = PeerConnection.create(config)) {
            exchange.watch(connection);
            exchange.use(connection.createDataChannel("main"));
            offer(connection, foreign);
            exchange.run(foreign);
            return connection.stats().path();
        }
    }

    /// Connects as answerer; the channel is the other side's.
    ///
    /// @return the kinds of the candidates of the path in use
    static String answering(ForeignPeer foreign) throws Exception {
        return answering(foreign, PeerConfig.defaults());
    }

    static String answering(ForeignPeer foreign, PeerConfig config) throws Exception {
        EchoExchange exchange = new EchoExchange();
        try (PeerConnection connection = PeerConnection.create(config)) {
            exchange.watch(connection);
            connection.onDataChannel(exchange::use);
            answer(connection, foreign);
            exchange.run(foreign);
            return connection.stats().path();
        }
    }

    /// Connects as offerer, and restarts ICE twice between the messages: first by us, then by the browser.
    ///
    /// @param answerMillis how long the answers to the restarts are on their way
    static void restarting(ChromiumPeer chromium, int answerMillis) throws Exception {
        EchoExchange exchange = new EchoExchange();
        try (PeerConnection connection = PeerConnection.create()) {
            exchange.watch(connection);
            exchange.use(connection.createDataChannel("main"));
            String first = offer(connection, chromium);
            exchange.run(chromium);

            connection.restartIce();
            String second = chromium.answer(offerOf(connection));
            TimeUnit.MILLISECONDS.sleep(answerMillis);
            connection.setRemoteDescription(SessionDescription.answer(second));
            assertThat(ufrag(second)).as("the browser's after our restart").isNotEqualTo(ufrag(first));
            exchange.run(chromium);

            String theirs = chromium.restart();
            TimeUnit.MILLISECONDS.sleep(answerMillis);
            SessionDescription answer = connection
                    .answerAsync(SessionDescription.offer(theirs))
                    .orTimeout(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            chromium.accept(answer.sdp());
            assertThat(ufrag(theirs)).as("the browser's in its restart").isNotEqualTo(ufrag(second));
            exchange.run(chromium);
            assertThat(exchange.states.toString().split("CONNECTED:", -1))
                    .as("connected once: %s", exchange.states)
                    .hasSize(2);
        }
    }

    private static String ufrag(String sdp) {
        return sdp.lines()
                .filter(line -> line.startsWith("a=ice-ufrag:"))
                .findFirst()
                .orElseThrow();
    }

    /// @return the answer
    static String offer(PeerConnection connection, ForeignPeer foreign) {
        String answer = foreign.answer(offerOf(connection));
        connection.setRemoteDescription(SessionDescription.answer(answer));
        return answer;
    }

    private static String offerOf(PeerConnection connection) {
        return connection
                .offerAsync()
                .orTimeout(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join()
                .sdp();
    }

    static void answer(PeerConnection connection, ForeignPeer foreign) {
        SessionDescription answer = connection
                .answerAsync(SessionDescription.offer(foreign.offer()))
                .orTimeout(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        foreign.accept(answer.sdp());
    }

    private void watch(PeerConnection connection) {
        connection.onStateChange((state, reason) ->
                states.append(state).append(": ").append(reason).append('\n'));
    }

    private void run(ForeignPeer foreign) throws Exception {
        DataChannel channel;
        try {
            channel = open.get(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new AssertionError("the channel did not open\nours:\n" + states + "theirs:\n" + foreign.log(), late);
        }
        for (int i = 0; i < MESSAGES; i++) {
            if (i % 2 == 0) {
                channel.send(text(i));
            } else {
                channel.send(ByteBuffer.wrap(binary(i)));
            }
        }
        for (int i = 0; i < MESSAGES; i++) {
            @Nullable DataChannelMessage echo = echoes.poll(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (echo == null) {
                throw new AssertionError("echo " + i + " is missing\nours:\n" + states + "theirs:\n" + foreign.log());
            }
            assertThat(echo.isText()).as("message %d", i).isEqualTo(i % 2 == 0);
            if (i % 2 == 0) {
                assertThat(echo.text()).isEqualTo(text(i));
            } else {
                assertThat(echo.bytes()).isEqualTo(binary(i));
            }
        }
    }

    private static String text(int i) {
        return "message " + i + " äöü 漢字 " + "x".repeat(i * i);
    }

    private static byte[] binary(int i) {
        byte[] bytes = new byte[1 + (LARGEST - 1) * i / MESSAGES];
        new Random(i).nextBytes(bytes);
        return bytes;
    }
}
