package dev.nearhand.transport.netty;

import dev.nearhand.transport.mdns.MdnsAnswer;
import dev.nearhand.transport.mdns.MdnsMessage;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the local link for the addresses behind `.local` names of remote candidates (RFC 6762), over IPv4.
///
/// Listens only while a question is open. Belongs to one event loop. A name that nobody answers for is forgotten: the
/// checks of the other side tell its address anyway.
final class MdnsLookup {
    /// Questions open at a time; further ones are ignored.
    static final int NAMES_LIMIT = 16;

    private static final Logger LOG = LoggerFactory.getLogger(MdnsLookup.class);
    private static final InetSocketAddress GROUP = new InetSocketAddress("224.0.0.251", 5353);
    private static final int[] ASK_AT_MILLIS = {0, 300, 1_000, 2_500};
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");
    private static final int FORGET_AT_MILLIS = 5_000;

    private final EventLoop loop;
    private final List<NetworkInterface> interfaces;
    private final Map<String, Consumer<InetAddress>> open = new HashMap<>();
    private @Nullable DatagramChannel channel;

    MdnsLookup(EventLoop loop, List<NetworkInterface> interfaces) {
        this.loop = loop;
        this.interfaces = interfaces;
    }

    /// Asks for a name. `onAddress` runs on the loop, once for each address that is told while the question is open.
    void resolve(String hostName, Consumer<InetAddress> onAddress) {
        String name = hostName.toLowerCase(Locale.ROOT);
        if (!MdnsMessage.isAskable(name) || open.size() == NAMES_LIMIT || open.putIfAbsent(name, onAddress) != null) {
            return;
        }
        if (!listen()) {
            open.clear();
            return;
        }
        for (int millis : ASK_AT_MILLIS) {
            loop.schedule(() -> ask(name), millis, TimeUnit.MILLISECONDS);
        }
        loop.schedule(() -> forget(name), FORGET_AT_MILLIS, TimeUnit.MILLISECONDS);
    }

    void close() {
        open.clear();
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    private boolean listen() {
        if (channel != null) {
            return true;
        }
        // answers go to the group, so its port has to be shared with whoever else listens on this machine
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> new NioDatagramChannel(SocketProtocolFamily.INET))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_TTL), 255)
                .handler(new Answers());
        if (!WINDOWS) { // there, the option above does both
            bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
        ChannelFuture bound = bootstrap.register();
        if (bound.isSuccess()) {
            bound = bound.channel().bind(new InetSocketAddress(GROUP.getPort()));
        }
        if (!bound.isSuccess()) {
            bound.channel().close();
            LOG.debug("names of the local link are not looked up: the port is not to be had");
            return false;
        }
        channel = (DatagramChannel) bound.channel();
        for (NetworkInterface device : interfaces) {
            channel.joinGroup(GROUP, device);
        }
        return true;
    }

    private void ask(String name) {
        if (channel == null || !open.containsKey(name)) {
            return;
        }
        ByteBuffer question = ByteBuffer.allocate(MdnsMessage.MAX_QUESTION_BYTES);
        MdnsMessage.writeQuestion(name, question);
        question.flip();
        for (NetworkInterface device : interfaces) {
            channel.config().setNetworkInterface(device);
            ByteBuf copy = channel.alloc().directBuffer(question.remaining()).writeBytes(question.duplicate());
            channel.writeAndFlush(new DatagramPacket(copy, GROUP), channel.voidPromise());
        }
    }

    private void forget(String name) {
        open.remove(name);
        if (open.isEmpty()) {
            close();
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            for (MdnsAnswer answer : MdnsMessage.answers(packet.content().nioBuffer())) {
                Consumer<InetAddress> waiting = open.get(answer.hostName());
                if (waiting != null) {
                    waiting.accept(answer.address());
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug(
                    "a question to the local link was not sent: {}",
                    cause.getClass().getSimpleName());
        }
    }
}
