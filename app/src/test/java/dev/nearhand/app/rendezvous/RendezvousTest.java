package dev.nearhand.app.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.MessageSocket;
import dev.nearhand.app.signaling.RelayMessage;
import dev.nearhand.app.signaling.RendezvousAddress;
import dev.nearhand.app.signaling.RendezvousClient;
import dev.nearhand.app.signaling.SignalMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    private static final SignalMessage.Join JOIN = new SignalMessage.Join(1, "123456789", "somebody");

    private final List<AutoCloseable> open = new ArrayList<>();

    private RendezvousServer server(int port, RendezvousServer.Limits limits) throws IOException {
        RendezvousServer server = RendezvousServer.open(List.of(InetAddress.getLoopbackAddress()), port, limits);
        open.add(server);
        return server;
    }

    private RendezvousServer server() throws IOException {
        return server(0, RendezvousServer.Limits.ofHosts(10));
    }

    private static RendezvousAddress address(RendezvousServer server) {
        return RendezvousAddress.parse("ws://127.0.0.1:" + server.port()).orElseThrow();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private final class Host implements Door, RendezvousClient.Events {
        final List<SignalMessage> received = new CopyOnWriteArrayList<>();
        final List<Visitor> visitors = new CopyOnWriteArrayList<>();
        final List<Visitor> gone = new CopyOnWriteArrayList<>();
        final List<String> numbers = new CopyOnWriteArrayList<>();
        final List<String> losses = new CopyOnWriteArrayList<>();
        final RendezvousClient client;

        Host(RendezvousServer server) {
            client = RendezvousClient.register(address(server), this, this);
            open.add(client);
        }

        String number() {
            Await.until("registered", () -> !numbers.isEmpty());
            return numbers.getLast();
        }

        @Override
        public void onMessage(Visitor visitor, SignalMessage message) {
            visitors.add(visitor);
            received.add(message);
        }

        @Override
        public void onGone(Visitor visitor) {
            gone.add(visitor);
        }

        @Override
        public void onRegistered(String number) {
            numbers.add(number);
        }

        @Override
        public void onLost(String reason) {
            losses.add(reason);
        }
    }

    private final class Socket<T> implements MessageSocket.Events<T> {
        final List<T> received = new CopyOnWriteArrayList<>();
        final List<String> closed = new CopyOnWriteArrayList<>();
        volatile boolean isOpen;

        @Override
        public void onOpen() {
            isOpen = true;
        }

        @Override
        public void onMessage(T message) {
            received.add(message);
        }

        @Override
        public void onClosed(String reason) {
            closed.add(reason);
        }
    }

    private MessageSocket<SignalMessage> view(RendezvousServer server, String number, Socket<SignalMessage> viewer) {
        MessageSocket<SignalMessage> socket = MessageSocket.connect(
                address(server).host(number), SignalMessage.CODEC, MessageSocket.CONNECT_LIMIT, viewer);
        open.add(socket);
        return socket;
    }

    @Test
    void whatHostAndViewerSayGoesThrough() throws IOException {
        RendezvousServer server = server();
        Host host = new Host(server);
        Socket<SignalMessage> viewer = new Socket<>();
        MessageSocket<SignalMessage> socket = view(server, host.number(), viewer);
        Await.until("open", () -> viewer.isOpen);

        socket.send(JOIN);
        Await.until("joined", () -> host.received.contains(JOIN));
        SignalMessage.Offer offer = new SignalMessage.Offer("v=0\r\n\"\\" + "ü".repeat(20_000));
        host.visitors.getFirst().send(offer);
        Await.until("offered", () -> viewer.received.contains(offer));
        host.visitors.getFirst().sendLast(new SignalMessage.Refused("busy", "Later."));

        Await.until("closed", () -> viewer.closed.size() == 1);
        assertThat(viewer.received).contains(new SignalMessage.Refused("busy", "Later."));
    }

    @Test
    void twoViewersOfAHostAreKeptApart() throws IOException {
        RendezvousServer server = server();
        Host host = new Host(server);
        Socket<SignalMessage> one = new Socket<>();
        Socket<SignalMessage> two = new Socket<>();
        MessageSocket<SignalMessage> first = view(server, host.number(), one);
        MessageSocket<SignalMessage> second = view(server, host.number(), two);
        Await.until("open", () -> one.isOpen && two.isOpen);
        first.send(new SignalMessage.Answer("first"));
        Await.until("first", () -> host.received.size() == 1);
        second.send(new SignalMessage.Answer("second"));
        Await.until("second", () -> host.received.size() == 2);

        host.visitors.getLast().send(new SignalMessage.Asking());
        Await.until("asked", () -> !two.received.isEmpty());
        first.close();

        Await.until("gone", () -> host.gone.size() == 1);
        assertThat(host.gone.getFirst()).isSameAs(host.visitors.getFirst());
        assertThat(one.received).isEmpty();
    }

    @Test
    void aNumberThatNobodyHasIsSaid() throws IOException {
        RendezvousServer server = server();
        Host host = new Host(server);
        Socket<SignalMessage> viewer = new Socket<>();
        view(server, host.number().equals("000000") ? "111111" : "000000", viewer);

        Await.until("refused", () -> viewer.closed.size() == 1);
        assertThat(viewer.received).hasSize(1);
        assertThat(viewer.received.getFirst())
                .isInstanceOfSatisfying(SignalMessage.Refused.class, refused -> assertThat(refused.message())
                        .contains("no host with this code"));
    }

    @Test
    void aRendezvousThatComesBackFindsItsHostsUnderTheirNumbers() throws IOException {
        RendezvousServer server = server();
        Host host = new Host(server);
        String number = host.number();
        int port = server.port();
        server.close();
        Await.until("lost", () -> host.losses.size() == 1);

        RendezvousServer again = server(port, RendezvousServer.Limits.ofHosts(10));

        Await.until("registered again", () -> host.numbers.size() == 2);
        assertThat(host.numbers.getLast()).isEqualTo(number);
        Socket<SignalMessage> viewer = new Socket<>();
        MessageSocket<SignalMessage> socket = view(again, number, viewer);
        Await.until("open", () -> viewer.isOpen);
        socket.send(JOIN);
        Await.until("joined", () -> host.received.contains(JOIN));
        assertThat(host.losses).as("told once").hasSize(1);
    }

    @Test
    void aHostInAHurryNoticesThatNothingIsWrong() throws IOException {
        RendezvousServer server = server();
        Host host = new Host(server);
        host.number();
        host.client.hurry();
        host.client.hurry();
        Socket<SignalMessage> viewer = new Socket<>();
        MessageSocket<SignalMessage> socket = view(server, host.number(), viewer);
        Await.until("open", () -> viewer.isOpen);
        socket.send(JOIN);
        Await.until("joined", () -> host.received.contains(JOIN));
        assertThat(host.numbers).hasSize(1);
    }

    @Test
    void aFullRendezvousSaysSo() throws IOException {
        RendezvousServer server = server(0, RendezvousServer.Limits.ofHosts(1));
        new Host(server).number();
        Host second = new Host(server);

        Await.until("rejected", () -> !second.losses.isEmpty());
        assertThat(second.losses.getFirst()).contains("full");
    }

    @Test
    void whoMakesTooManyConnectionsIsNotTaken() throws IOException {
        RendezvousServer server = server(0, new RendezvousServer.Limits(10, 100, 3, 0));
        Host host = new Host(server);
        String number = host.number();
        List<Socket<SignalMessage>> viewers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Socket<SignalMessage> viewer = new Socket<>();
            viewers.add(viewer);
            view(server, number, viewer);
            Await.until("open or refused", () -> viewer.isOpen || !viewer.closed.isEmpty());
        }
        assertThat(viewers.stream().filter(viewer -> viewer.isOpen)).hasSize(2);
    }

    @Test
    void whoSaysTooMuchIsClosedAndTheHostStays() throws IOException {
        RendezvousServer server = server();
        Host host = new Host(server);
        Socket<SignalMessage> viewer = new Socket<>();
        MessageSocket<SignalMessage> socket = view(server, host.number(), viewer);
        Await.until("open", () -> viewer.isOpen);
        for (int i = 0; i < 1_000; i++) {
            socket.send(new SignalMessage.Candidate("candidate:" + i, "0"));
        }
        Await.until("closed", () -> viewer.closed.size() == 1 && host.gone.size() == 1);
        assertThat(host.received.size()).isLessThan(400);

        Socket<SignalMessage> next = new Socket<>();
        MessageSocket<SignalMessage> nextSocket = view(server, host.number(), next);
        Await.until("open", () -> next.isOpen);
        nextSocket.send(JOIN);
        Await.until("joined", () -> host.received.contains(JOIN));
    }

    @Test
    void aHostThatPretendsToBeTheRendezvousIsClosed() throws IOException {
        RendezvousServer server = server();
        Socket<RelayMessage> liar = new Socket<>();
        RendezvousAddress address = address(server);
        MessageSocket<RelayMessage> socket = MessageSocket.connect(
                new dev.nearhand.app.signaling.Endpoint(
                        java.net.URI.create("ws://127.0.0.1:" + server.port() + RendezvousAddress.REGISTER_PATH),
                        address.toString(),
                        "127.0.0.1"),
                RelayMessage.CODEC,
                MessageSocket.CONNECT_LIMIT,
                liar);
        open.add(socket);
        Await.until("open", () -> liar.isOpen);
        socket.send(new RelayMessage.Registered("123456"));

        Await.until("closed", () -> liar.closed.size() == 1);
    }
}
