package dev.nearhand.transport.netty;

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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A socket that asks the local links over IPv4 and hears what they say to everybody. Belongs to one event loop.
final class MdnsSocket {
    /// Told on the loop what has come.
    interface Receiver {
        /// @param borrowed until the call returns
        void onMessage(ByteBuffer borrowed, InetAddress from);
    }

    private static final Logger LOG = LoggerFactory.getLogger(MdnsSocket.class);
    private static final InetSocketAddress GROUP = new InetSocketAddress("224.0.0.251", 5353);
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private final DatagramChannel channel;
    private final List<NetworkInterface> interfaces;

    private MdnsSocket(DatagramChannel channel, List<NetworkInterface> interfaces) {
        this.channel = channel;
        this.interfaces = interfaces;
    }

    /// Null when the port is not to be had.
    static @Nullable MdnsSocket open(EventLoop loop, List<NetworkInterface> interfaces, Receiver receiver) {
        // answers go to the group, so its port has to be shared with whoever else listens on this machine
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> new NioDatagramChannel(SocketProtocolFamily.INET))
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(NioChannelOption.of(StandardSocketOptions.IP_MULTICAST_TTL), 255)
                .handler(new Arrivals(receiver));
        if (!WINDOWS) { // there, the option above does both
            bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
        ChannelFuture bound = bootstrap.register();
        if (bound.isSuccess()) {
            bound = bound.channel().bind(new InetSocketAddress(GROUP.getPort()));
        }
        if (!bound.isSuccess()) {
            bound.channel().close();
            LOG.debug("nothing is asked on the local link: the port is not to be had");
            return null;
        }
        DatagramChannel channel = (DatagramChannel) bound.channel();
        for (NetworkInterface device : interfaces) {
            channel.joinGroup(GROUP, device);
        }
        return new MdnsSocket(channel, interfaces);
    }

    /// Asks on every link.
    void ask(ByteBuffer question) {
        for (NetworkInterface device : interfaces) {
            channel.config().setNetworkInterface(device);
            ByteBuf copy = channel.alloc().directBuffer(question.remaining()).writeBytes(question.duplicate());
            channel.writeAndFlush(new DatagramPacket(copy, GROUP), channel.voidPromise());
        }
    }

    void close() {
        channel.close();
    }

    private static final class Arrivals extends SimpleChannelInboundHandler<DatagramPacket> {
        private final Receiver receiver;

        Arrivals(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            receiver.onMessage(packet.content().nioBuffer(), packet.sender().getAddress());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug(
                    "a question to the local link was not sent: {}",
                    cause.getClass().getSimpleName());
        }
    }
}
