package dev.nearhand.transport.netty;

import dev.nearhand.transport.mdns.MdnsResponder;
import dev.nearhand.transport.mdns.MdnsService;
import dev.nearhand.transport.mdns.ServiceResponder;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the one [MdnsResponder] and the one [ServiceResponder] of this program: their sockets, one for each
/// family, and their timer. They are open while there are names. Where the port is not to be had nobody finds the
/// names, and nothing else comes of it.
///
/// Methods may be called from any thread; everything else happens on its loop.
final class MdnsPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(MdnsPublisher.class);
    private static final InetSocketAddress GROUP_IPV4 = new InetSocketAddress("224.0.0.251", MdnsResponder.PORT);
    private static final InetSocketAddress GROUP_IPV6 = new InetSocketAddress("ff02::fb", MdnsResponder.PORT);
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    /// "SHOULD be sent with IP TTL set to 255" (RFC 6762 section 11).
    private static final int HOPS = 255;

    private static final MdnsPublisher SHARED = new MdnsPublisher(EventLoops.multicast());

    private final EventLoop loop;
    private final long startNanos = System.nanoTime();
    private final MdnsResponder responder = new MdnsResponder();
    private final ServiceResponder services = new ServiceResponder(new SplittableRandom());
    private final LoopTimer timer;
    private final Map<Integer, LocalLink> links = new HashMap<>();
    private @Nullable DatagramChannel ipv4;
    private @Nullable DatagramChannel ipv6;
    private volatile Map<String, Long> counters = Map.of();

    MdnsPublisher(EventLoop loop) {
        this.loop = loop;
        this.timer = new LoopTimer(loop, this::now, this::onTimer);
    }

    static MdnsPublisher shared() {
        return SHARED;
    }

    /// Answers for a name on the interface that has the address.
    void publish(String hostName, InetAddress address) {
        loop.execute(() -> {
            LocalLink link = linkOf(address);
            if (link != null) {
                open();
                join(link);
                responder.publish(now(), hostName, address, link.number());
                settle();
            }
        });
    }

    void withdraw(String hostName) {
        loop.execute(() -> {
            responder.withdraw(hostName);
            settle();
        });
    }

    /// Answers for a service and for the name of its host on the interface that has its address.
    void announce(MdnsService service) {
        publish(service.hostName(), service.address());
        loop.execute(() -> {
            LocalLink link = linkOf(service.address());
            if (link != null) {
                services.publish(now(), service, link.number());
                settle();
            }
        });
    }

    void renounce(MdnsService service) {
        loop.execute(() -> {
            services.withdraw(service);
            settle();
        });
        withdraw(service.hostName());
    }

    /// By `mdns.name`: a snapshot.
    Map<String, Long> counters() {
        return counters;
    }

    private static @Nullable LocalLink linkOf(InetAddress address) {
        try {
            NetworkInterface device = NetworkInterface.getByInetAddress(address);
            return device == null ? null : LocalLink.of(device);
        } catch (SocketException untold) {
            return null; // the address has just gone
        }
    }

    private long now() {
        return System.nanoTime() - startNanos;
    }

    private void onTimer(long nowNanos) {
        settle();
    }

    /// Sends what there is to send, and arms the timer, or closes what nobody needs.
    private void settle() {
        responder.handleTimeout(now());
        services.handleTimeout(now());
        send(responder::poll);
        send(services::poll);
        Map<String, Long> named = new TreeMap<>();
        responder.counters().forEach((name, value) -> named.put("mdns." + name, value));
        services.counters().forEach((name, value) -> named.put("mdns." + name, value));
        counters = named;
        timer.wakeAt(Math.min(responder.nextTimeoutNanos(), services.nextTimeoutNanos()));
        if (responder.isIdle() && services.isIdle()) {
            close();
        }
    }

    private void send(Function<ByteBuffer, MdnsResponder.@Nullable Outgoing> source) {
        ByteBuffer into = ByteBuffer.allocate(ServiceResponder.MAX_RESPONSE_BYTES);
        for (MdnsResponder.Outgoing next = source.apply(into); next != null; next = source.apply(into)) {
            send(next, into.flip());
            into.clear();
        }
    }

    private void send(MdnsResponder.Outgoing message, ByteBuffer bytes) {
        DatagramChannel channel = message.overIpv6() ? ipv6 : ipv4;
        LocalLink link = links.get(message.link());
        InetSocketAddress to = message.to();
        if (channel == null || link == null || message.overIpv6() && to == null && !link.hasIpv6()) {
            return;
        }
        if (to == null) {
            channel.config().setNetworkInterface(link.device());
            to = message.overIpv6() ? GROUP_IPV6 : GROUP_IPV4;
        }
        ByteBuf copy = channel.alloc().directBuffer(bytes.remaining()).writeBytes(bytes);
        channel.writeAndFlush(new DatagramPacket(copy, to), channel.voidPromise());
    }

    private void open() {
        if (ipv4 == null && ipv6 == null) {
            ipv4 = bind(SocketProtocolFamily.INET);
            ipv6 = bind(SocketProtocolFamily.INET6);
            if (ipv4 == null && ipv6 == null) {
                LOG.warn(
                        "the names of this machine's candidates cannot be found by others: UDP port {} is not to be"
                                + " had",
                        MdnsResponder.PORT);
            }
        }
    }

    /// The port is shared with whoever else listens on this machine.
    private @Nullable DatagramChannel bind(SocketProtocolFamily family) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> new NioDatagramChannel(family))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_TTL), HOPS)
                .handler(new Arrivals(family == SocketProtocolFamily.INET6));
        if (!WINDOWS) { // there, the option above does both
            bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
        try {
            ChannelFuture bound = bootstrap.register();
            if (bound.isSuccess()) {
                bound = bound.channel().bind(new InetSocketAddress(MdnsResponder.PORT));
            }
            if (bound.isSuccess()) {
                return (DatagramChannel) bound.channel();
            }
            bound.channel().close();
        } catch (RuntimeException noSuchFamily) {
            LOG.debug("names are not answered for over {}", family);
        }
        return null;
    }

    private void join(LocalLink link) {
        if (links.put(link.number(), link) != null) {
            return; // its addresses may be others now, that is all
        }
        if (ipv4 != null) {
            ipv4.joinGroup(GROUP_IPV4, link.device());
        }
        if (ipv6 != null && link.hasIpv6()) {
            ipv6.joinGroup(GROUP_IPV6, link.device());
        }
    }

    private void close() {
        links.clear();
        if (ipv4 != null) {
            ipv4.close();
            ipv4 = null;
        }
        if (ipv6 != null) {
            ipv6.close();
            ipv6 = null;
        }
    }

    private final class Arrivals extends SimpleChannelInboundHandler<DatagramPacket> {
        private final boolean overIpv6;

        Arrivals(boolean overIpv6) {
            this.overIpv6 = overIpv6;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            InetSocketAddress from = packet.sender();
            if (overIpv6 != from.getAddress() instanceof Inet6Address) {
                return; // what the socket of the other family has, too
            }
            Set<Integer> near = new HashSet<>();
            for (LocalLink link : links.values()) {
                if (link.reaches(from.getAddress())) {
                    near.add(link.number());
                }
            }
            responder.handleDatagram(now(), packet.content().nioBuffer(), from, overIpv6, near);
            services.handleDatagram(now(), packet.content().nioBuffer(), from, overIpv6, near);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            settle();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug(
                    "a name of this machine was not told: {}", cause.getClass().getSimpleName());
        }
    }
}
