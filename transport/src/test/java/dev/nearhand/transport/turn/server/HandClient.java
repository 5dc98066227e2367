package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.StunSeal;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A server, and clients and peers whose every message the test makes by hand. Time stands still unless it is moved.
final class HandClient {
    static final String REALM = "realm";
    static final String SECRET = "shared";
    static final InetSocketAddress SERVER = new InetSocketAddress("203.0.113.5", 3_478);
    static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 5_000);
    static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.9", 7_000);
    static final PortRange PORTS = new PortRange(50_000, 50_019);
    static final long SECOND = 1_000_000_000L;
    static final Instant EPOCH = Instant.ofEpochSecond(1_800_000_000L);

    record Sent(Path path, byte[] bytes) {}

    /// What the server and its clients share.
    static final class Server {
        final TurnServerCore core;
        final Set<InetSocketAddress> open = new HashSet<>();
        final Set<InetSocketAddress> unfragmented = new HashSet<>();
        final List<Sent> sent = new ArrayList<>();
        final List<byte[]> messages = new ArrayList<>();
        final List<Integer> closedStreams = new ArrayList<>();
        /// Ports that somebody else has.
        final Set<Integer> taken = new HashSet<>();
        long now = SECOND;
        Instant wallClock = EPOCH;

        Server(UnaryOperator<TurnServerConfig> changes) {
            UserDirectory users = UserDirectory.first(
                    UserDirectory.fixed(Map.of("user", "password", "other", "secret")),
                    UserDirectory.timeLimited(SECRET));
            List<RelayAddress> relays = List.of(
                    RelayAddress.of(SERVER.getAddress()), RelayAddress.of(InetAddress.ofLiteral("2001:db8:5::5")));
            TurnServerConfig config = TurnServerConfig.of(REALM, users, relays).withRelayPorts(PORTS);
            core = new TurnServerCore(changes.apply(config), () -> wallClock, new SplittableRandom(7));
        }

        void drain() {
            for (TurnServerEvent event = core.pollEvent(); event != null; event = core.pollEvent()) {
                switch (event) {
                    case TurnServerEvent.OpenRelay wanted -> {
                        if (taken.contains(wanted.address().getPort())) {
                            core.relayRefused(wanted.address());
                        } else {
                            open.add(wanted.address());
                            if (wanted.dontFragment()) {
                                unfragmented.add(wanted.address());
                            }
                            core.relayOpened(now, wanted.address());
                        }
                    }
                    case TurnServerEvent.CloseRelay over -> open.remove(over.address());
                    case TurnServerEvent.CloseStream over -> closedStreams.add(over.stream());
                }
            }
            ByteBuffer lent = ByteBuffer.allocate(CoreDriver.BUFFER_BYTES);
            for (Transmit next = core.pollTransmit(now, lent.clear());
                    next != null;
                    next = core.pollTransmit(now, lent.clear())) {
                sent.add(new Sent(next.path(), bytes(lent, next.lengthBytes())));
            }
            for (StreamTransmit next = core.pollMessage(lent.clear());
                    next != null;
                    next = core.pollMessage(lent.clear())) {
                messages.add(bytes(lent, next.lengthBytes()));
            }
        }

        /// Lets time pass, with the timers that fall due.
        void pass(long nanos) {
            long end = now + nanos;
            while (core.nextTimeoutNanos() <= end) {
                now = Math.max(now, core.nextTimeoutNanos());
                core.handleTimeout(now);
                drain();
            }
            now = end;
        }

        void arrives(byte[] bytes, InetSocketAddress from, InetSocketAddress to) {
            core.handleDatagram(now, ByteBuffer.wrap(bytes), new Path(to, from));
            drain();
        }

        long count(String what) {
            return core.stats().counter(what);
        }
    }

    final Server server;
    final InetSocketAddress address;
    private final SplittableRandom random;
    private String username = "user";
    private String password = "password";
    /// The stream that it has connected by, or -1 for UDP.
    int stream = -1;

    String nonce = "";

    HandClient(Server server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
        this.random = new SplittableRandom(address.getPort());
    }

    HandClient as(String name, String secret) {
        username = name;
        password = secret;
        return this;
    }

    HandClient connected(int number) {
        stream = number;
        server.core.streamOpened(number, address);
        return this;
    }

    private static byte[] bytes(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(0, bytes);
        return bytes;
    }

    private StunKey key() {
        return StunKey.longTerm(username, REALM, password);
    }

    // --- what it says

    /// Sends a request, having asked for a nonce first where it has none.
    StunMessage ask(int method, StunAttribute... attributes) {
        if (nonce.isEmpty()) {
            StunMessage demand = exchange(plain(method, attributes));
            nonce = Objects.requireNonNull(demand.find(StunAttribute.Nonce.class))
                    .value();
        }
        return exchange(signed(TransactionId.random(random), method, attributes));
    }

    byte[] plain(int method, StunAttribute... attributes) {
        ByteBuffer into = ByteBuffer.allocate(1_500);
        new StunMessage(StunClass.REQUEST, method, TransactionId.random(random), List.of(attributes)).write(into);
        return bytes(into, into.position());
    }

    byte[] signed(TransactionId id, int method, StunAttribute... attributes) {
        List<StunAttribute> all = new ArrayList<>(List.of(attributes));
        all.add(new StunAttribute.Username(username));
        all.add(new StunAttribute.Realm(REALM));
        all.add(new StunAttribute.Nonce(nonce));
        ByteBuffer into = ByteBuffer.allocate(1_500);
        new StunMessage(StunClass.REQUEST, method, id, all).write(into, key());
        return bytes(into, into.position());
    }

    void say(byte[] bytes) {
        if (stream < 0) {
            server.arrives(bytes, address, SERVER);
        } else {
            server.core.handleMessage(server.now, stream, ByteBuffer.wrap(bytes));
            server.drain();
        }
    }

    /// @return the answer, which has to be one message
    StunMessage exchange(byte[] request) {
        List<byte[]> answers = exchanged(request);
        if (answers.size() != 1) {
            throw new AssertionError(answers.size() + " answers");
        }
        return parse(answers.getFirst()).message();
    }

    List<byte[]> exchanged(byte[] request) {
        int before = heard().size();
        say(request);
        return heard().subList(before, heard().size());
    }

    /// All that the server has sent to it.
    List<byte[]> heard() {
        if (stream >= 0) {
            return server.messages;
        }
        return server.sent.stream()
                .filter(sent -> sent.path.equals(new Path(SERVER, address)))
                .map(Sent::bytes)
                .toList();
    }

    static StunParse.Received parse(byte[] bytes) {
        return (StunParse.Received) StunMessage.parse(ByteBuffer.wrap(bytes));
    }

    boolean isSigned(byte[] answer) {
        return parse(answer).seal().verify(key()) == StunSeal.Verdict.VALID;
    }

    static int code(StunMessage answer) {
        ErrorCode error = answer.find(ErrorCode.class);
        return error == null ? 0 : error.code();
    }

    // --- what it mostly asks for

    static final StunAttribute UDP = new StunAttribute.RequestedTransport(StunAttribute.RequestedTransport.UDP);

    StunMessage allocate(StunAttribute... more) {
        List<StunAttribute> all = new ArrayList<>(List.of(more));
        all.addFirst(UDP);
        return ask(StunMessage.ALLOCATE, all.toArray(StunAttribute[]::new));
    }

    static @Nullable InetSocketAddress relayed(StunMessage answer) {
        StunAttribute.XorRelayedAddress found = answer.find(StunAttribute.XorRelayedAddress.class);
        return found == null ? null : found.address();
    }

    InetSocketAddress allocated(StunAttribute... more) {
        return Objects.requireNonNull(relayed(allocate(more)));
    }

    StunMessage refresh(long seconds) {
        return ask(StunMessage.REFRESH, new StunAttribute.Lifetime(seconds));
    }

    int permit(InetSocketAddress... peers) {
        StunAttribute[] all = new StunAttribute[peers.length];
        for (int i = 0; i < peers.length; i++) {
            all[i] = new StunAttribute.XorPeerAddress(peers[i]);
        }
        return code(ask(StunMessage.CREATE_PERMISSION, all));
    }

    int bind(int number, InetSocketAddress peer) {
        return code(ask(
                StunMessage.CHANNEL_BIND,
                new StunAttribute.ChannelNumber(number),
                new StunAttribute.XorPeerAddress(peer)));
    }

    void sendIndication(InetSocketAddress peer, String text, StunAttribute... more) {
        List<StunAttribute> attributes = new ArrayList<>(List.of(more));
        attributes.add(new StunAttribute.XorPeerAddress(peer));
        attributes.add(new StunAttribute.Data(ByteBuffer.wrap(text.getBytes())));
        ByteBuffer into = ByteBuffer.allocate(1_500);
        new StunMessage(StunClass.INDICATION, StunMessage.SEND, TransactionId.random(random), attributes).write(into);
        say(bytes(into, into.position()));
    }

    void sendOnChannel(int number, String text) {
        ByteBuffer into = ByteBuffer.allocate(200).putShort((short) number).putShort((short) text.length());
        into.put(text.getBytes());
        say(bytes(into, into.position()));
    }
}
