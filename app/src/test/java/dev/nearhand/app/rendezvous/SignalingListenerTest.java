package dev.nearhand.app.rendezvous;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.Endpoint;
import dev.nearhand.app.signaling.HostAddress;
import dev.nearhand.app.signaling.MessageSocket;
import dev.nearhand.app.signaling.SignalMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignalingListenerTest {
    private static final SignalMessage.Join JOIN = new SignalMessage.Join(1, "123", "somebody");

    private final List<SignalMessage> received = new CopyOnWriteArrayList<>();
    private final List<Door.Visitor> gone = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private int port;

    private final class Client implements MessageSocket.Events<SignalMessage> {
        final List<SignalMessage> received = new CopyOnWriteArrayList<>();
        final List<String> closed = new CopyOnWriteArrayList<>();
        volatile boolean open;

        @Override
        public void onOpen() {
            open = true;
        }

        @Override
        public void onMessage(SignalMessage message) {
            received.add(message);
        }

        @Override
        public void onClosed(String reason) {
            closed.add(reason);
        }

        MessageSocket<SignalMessage> connect(int toPort) {
            MessageSocket<SignalMessage> client = MessageSocket.connect(
                    Endpoint.of(new HostAddress("127.0.0.1", toPort)),
                    SignalMessage.CODEC,
                    MessageSocket.CONNECT_LIMIT,
                    this);
            SignalingListenerTest.this.open.add(client);
            return client;
        }
    }

    @BeforeEach
    void listen() throws IOException {
        Door echo = new Door() {
            @Override
            public void onMessage(Visitor visitor, SignalMessage message) {
                received.add(message);
                if (message instanceof SignalMessage.Answer) {
                    visitor.sendLast(new SignalMessage.Refused("busy", "Later."));
                } else {
                    visitor.send(new SignalMessage.Asking());
                }
            }

            @Override
            public void onGone(Visitor visitor) {
                gone.add(visitor);
            }
        };
        SignalingListener listener = SignalingListener.open(List.of(InetAddress.getLoopbackAddress()), 0, echo);
        open.add(listener);
        port = listener.port();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void messagesGoBothWays() {
        Client viewer = new Client();
        MessageSocket<SignalMessage> client = viewer.connect(port);
        Await.until("open", () -> viewer.open);

        client.send(JOIN);
        Await.until("answered", () -> viewer.received.contains(new SignalMessage.Asking()));
        assertThat(received).containsExactly(JOIN);

        client.send(new SignalMessage.Answer("v=0 " + "x".repeat(30_000)));
        Await.until("refused", () -> viewer.received.contains(new SignalMessage.Refused("busy", "Later.")));
        Await.until("closed", () -> viewer.closed.size() == 1 && gone.size() == 1);
    }

    @Test
    void aViewerThatLeavesIsNoticed() {
        Client viewer = new Client();
        MessageSocket<SignalMessage> client = viewer.connect(port);
        Await.until("open", () -> viewer.open);
        client.send(JOIN);
        Await.until("joined", () -> !received.isEmpty());

        client.close();

        Await.until("gone", () -> gone.size() == 1);
        assertThat(viewer.closed).isEmpty();
    }

    @Test
    void nobodyListeningIsSaidWithWhatToTry() throws IOException {
        int free;
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Client viewer = new Client();
        viewer.connect(free);

        Await.until("closed", () -> viewer.closed.size() == 1);
        assertThat(viewer.closed.getFirst()).startsWith("Nothing listens at").contains("check the address");
    }

    @Test
    void aBrowserOrACuriousPersonIsToldWhatThisIs() throws IOException {
        assertThat(answerTo("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("nearhand view");
    }

    @Test
    void aPageOfAnotherMachineMayNotConnect() throws IOException {
        assertThat(answerTo(upgrade("Origin: https://evil.example\r\n"))).startsWith("HTTP/1.1 403");
        assertThat(answerTo(upgrade("Origin: http://host\r\n"))).startsWith("HTTP/1.1 101");
    }

    @Test
    void garbageClosesItsConnectionAndNothingElse() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[4096];
            random.nextBytes(noise);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(noise);
                socket.shutdownOutput();
                drain(socket.getInputStream());
            } catch (IOException _) {
                // closed while we wrote: that is what we want
            }
        }
        assertThat(received).isEmpty();
        messagesGoBothWays();
    }

    @Test
    void aMessageThatIsNoneClosesTheWebSocket() throws IOException {
        for (byte[] frame : List.of(
                maskedFrame(0x81, "garbage".getBytes(UTF_8)),
                maskedFrame(0x81, "{\"type\":\"join\"}".getBytes(UTF_8)),
                maskedFrame(0x82, new byte[10]),
                new byte[] {(byte) 0x81, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 4})) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(upgrade("").getBytes(UTF_8));
                assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 101");
                socket.getOutputStream().write(frame);
                drain(socket.getInputStream());
            }
        }
        assertThat(received).isEmpty();
    }

    private static String upgrade(String header) {
        return "GET " + Door.PATH + " HTTP/1.1\r\nHost: host\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" + header + "\r\n";
    }

    /// A client's frame (RFC 6455 section 5.2) with a mask of zeros.
    private static byte[] maskedFrame(int opcode, byte[] payload) {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) opcode;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        return frame;
    }

    private String answerTo(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            InputStream in = socket.getInputStream();
            String head = head(in);
            return head.startsWith("HTTP/1.1 101") ? head : head + new String(in.readAllBytes(), UTF_8);
        }
    }

    /// The first line and the headers of an answer.
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("closed after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /// Reads until the other side closes.
    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1024];
        while (in.read(buffer) >= 0) {
            // until it is closed
        }
    }
}
