package dev.nearhand.app.rendezvous;

import dev.nearhand.app.signaling.HostNumber;
import dev.nearhand.app.signaling.Refusal;
import dev.nearhand.app.signaling.RelayMessage;
import dev.nearhand.app.signaling.RendezvousAddress;
import dev.nearhand.app.signaling.SignalMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where hosts behind NATs are found: hosts register here and get a number, and what viewers and hosts say to each
/// other while they connect goes through. Nothing else does: no picture, no input, and no message is read or kept.
///
/// Everything runs on one thread. Limits: [Limits], and those of [RelayHandler].
public final class RendezvousServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RendezvousServer.class);
    private static final String WHAT_THIS_IS =
            "This is a rendezvous of Nearhand. Share a screen with: nearhand share --rendezvous ADDRESS\n";
    /// Of the table of allowances; the address that was quiet longest goes first.
    private static final int ADDRESSES_LIMIT = 10_000;

    /// How much is taken.
    ///
    /// @param hosts registered at a time
    /// @param connections open at a time, of hosts and viewers together
    /// @param perAddress new connections that one address may make at once
    /// @param perAddressAndSecond and in the long run
    public record Limits(int hosts, int connections, int perAddress, double perAddressAndSecond) {
        /// What fits so many hosts.
        public static Limits ofHosts(int hosts) {
            return new Limits(hosts, 2 * hosts + 100, 60, 3);
        }
    }

    private final Limits limits;
    private final HostBook<RelayHandler.HostEnd> hosts;
    private final Map<InetAddress, Allowance> allowances = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Allowance> eldest) {
            return size() > ADDRESSES_LIMIT;
        }
    };
    private final WebSocketListener listener;
    private long visits;

    private RendezvousServer(List<InetAddress> addresses, int port, Limits limits) throws IOException {
        this.limits = limits;
        this.hosts = new HostBook<>(limits.hosts(), new SecureRandom());
        this.listener = WebSocketListener.open(
                addresses,
                port,
                new WebSocketListener.Setup(
                        "nearhand-rendezvous",
                        dev.nearhand.app.signaling.Door.PATH,
                        limits.connections(),
                        RelayMessage.LIMIT_BYTES,
                        () -> new RequestFilter(RendezvousServer::isKnown, WHAT_THIS_IS),
                        () -> new RelayHandler(this),
                        this::admits));
    }

    /// @param addresses empty means all of this machine
    /// @param port 0 takes any free one
    /// @throws IOException when one of them cannot be opened; none is open then
    public static RendezvousServer open(List<InetAddress> addresses, int port, Limits limits) throws IOException {
        return new RendezvousServer(addresses, port, limits);
    }

    /// The TCP port in use.
    public int port() {
        return listener.port();
    }

    /// Says goodbye to everybody and ends.
    @Override
    public void close() {
        listener.closeServers();
        listener.farewell(() -> new CloseWebSocketFrame(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE));
        listener.close();
    }

    private static boolean isKnown(String path) {
        return path.equals(RendezvousAddress.REGISTER_PATH) || numberIn(path).isPresent();
    }

    private static Optional<String> numberIn(String path) {
        return Optional.of(path)
                .filter(each -> each.startsWith(RendezvousAddress.HOST_PATH))
                .map(each -> each.substring(RendezvousAddress.HOST_PATH.length()))
                .filter(HostNumber::isOne);
    }

    private boolean admits(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            return false;
        }
        long now = System.nanoTime();
        return allowances
                .computeIfAbsent(
                        remote.getAddress(), _ -> new Allowance(limits.perAddress(), limits.perAddressAndSecond(), now))
                .take(1, now);
    }

    // --- for the handlers, on the one thread

    /// A WebSocket stands.
    RelayHandler.End begin(Channel channel, String path) {
        Optional<String> number = numberIn(path);
        if (number.isEmpty()) {
            return new RelayHandler.HostEnd(channel);
        }
        RelayHandler.VisitorEnd visitor = new RelayHandler.VisitorEnd(channel, ++visits);
        hosts.find(number.get()).ifPresentOrElse(host -> meet(host, visitor), () -> turnAway(visitor));
        return visitor;
    }

    private static void meet(RelayHandler.HostEnd host, RelayHandler.VisitorEnd visitor) {
        if (host.visits.size() >= RelayHandler.VISITS_LIMIT) {
            visitor.say(Refusal.BUSY.because("Too many people want to see that screen; try again in a while."));
            return;
        }
        visitor.host = host;
        host.visits.put(visitor.number, visitor);
        host.send(new RelayMessage.Arrived(visitor.number));
    }

    private static void turnAway(RelayHandler.VisitorEnd visitor) {
        visitor.say(Refusal.NO_HOST.because(
                "There is no host with this code; check it, and that the screen is still" + " shared there."));
    }

    void register(RelayHandler.HostEnd host, RelayMessage.Register wanted) {
        hosts.register(wanted.number(), wanted.key(), host, System.nanoTime())
                .ifPresentOrElse(
                        place -> {
                            host.number = place.number();
                            place.before().ifPresent(before -> close(before.channel));
                            host.send(new RelayMessage.Registered(place.number()));
                            LOG.info("a host has registered; there are {}", hosts.size());
                        },
                        () -> {
                            host.send(new RelayMessage.Rejected(
                                    "The rendezvous is full; try again later, or use another one."));
                            close(host.channel);
                        });
    }

    void left(RelayHandler.HostEnd host) {
        if (!host.number.isEmpty()) {
            hosts.left(host.number, host, System.nanoTime());
        }
        host.visits.values().forEach(visitor -> close(visitor.channel));
        host.visits.clear();
    }

    static void close(Channel channel) {
        channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                .addListener(ChannelFutureListener.CLOSE);
    }

    static TextWebSocketFrame frame(SignalMessage message) {
        return new TextWebSocketFrame(SignalMessage.CODEC.encode(message));
    }
}
