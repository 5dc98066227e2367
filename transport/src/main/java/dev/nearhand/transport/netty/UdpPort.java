package dev.nearhand.transport.netty;

import dev.nearhand.transport.wire.Path;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import jdk.net.ExtendedSocketOptions;

/// One UDP socket, bound to one local address. Belongs to the event loop it was opened on.
///
/// What the operating system refuses to send is counted and otherwise treated as lost on the way.
final class UdpPort implements DatagramPort {
    /// Where datagrams go that arrive.
    interface Receiver {
        /// `borrowed` is valid until the call returns.
        void onDatagram(ByteBuffer borrowed, Path path);

        /// All that could be read at once has been delivered.
        void onReadComplete();
    }

    /// A socket could not be opened.
    static final class OpenFailure extends Exception {
        private static final long serialVersionUID = 1;

        OpenFailure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The default of 208 KiB overflows in a burst; the system grants what it allows.
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;

    /// Larger than any datagram that fits an Ethernet frame; what is longer is cut, and fails its authentication.
    private static final int LARGEST_DATAGRAM_BYTES = 2048;

    private static final int READS_PER_TURN = 64;
    private static final int SEND_QUEUE_HIGH_BYTES = 2 << 20;
    private static final int SEND_QUEUE_LOW_BYTES = 1 << 20;

    private final Receiver receiver;
    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private boolean dirty;
    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;
    private long sendErrors;
    private long sendQueueFull;

    private UdpPort(DatagramChannel channel, Receiver receiver) {
        this.channel = channel;
        this.local = channel.localAddress();
        this.receiver = receiver;
        channel.pipeline().addLast(new Inbound());
        channel.config().setAutoRead(true);
    }

    /// Binds a port that the system chooses. On the event loop only.
    static UdpPort open(EventLoop loop, InetAddress address, Receiver receiver) throws OpenFailure {
        return open(loop, new InetSocketAddress(address, 0), receiver);
    }

    /// Binds an address, whose port may be 0 for one that the system chooses. On the event loop only.
    static UdpPort open(EventLoop loop, InetSocketAddress address, Receiver receiver) throws OpenFailure {
        assert loop.inEventLoop();
        ChannelFuture bound = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(LARGEST_DATAGRAM_BYTES).maxMessagesPerRead(READS_PER_TURN))
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(SEND_QUEUE_LOW_BYTES, SEND_QUEUE_HIGH_BYTES))
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .register();
        if (bound.isSuccess()) {
            bound = bound.channel().bind(address);
        }
        if (!bound.isSuccess()) {
            bound.channel().close();
            Throwable cause = bound.cause();
            throw new OpenFailure(
                    "no UDP socket could be bound on one of this machine's addresses",
                    cause == null ? new IllegalStateException("binding did not complete on the loop") : cause);
        }
        return new UdpPort((DatagramChannel) bound.channel(), receiver);
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    /// What leaves from here is not fragmented on its way; false where the system cannot do that.
    boolean forbidFragments() {
        return channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.IP_DONTFRAGMENT), true);
    }

    @Override
    public void send(ByteBuffer borrowed, InetSocketAddress remote) {
        if (!channel.isWritable()) {
            sendQueueFull++;
            return;
        }
        int length = borrowed.remaining();
        ByteBuf copy = channel.alloc().directBuffer(length).writeBytes(borrowed);
        packetsSent++;
        bytesSent += length;
        dirty = true;
        channel.write(new DatagramPacket(copy, remote), channel.voidPromise());
    }

    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public NetworkStats stats() {
        return new NetworkStats(packetsSent, bytesSent, packetsReceived, bytesReceived, sendErrors, sendQueueFull);
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                DatagramPacket packet = (DatagramPacket) message;
                ByteBuf content = packet.content();
                packetsReceived++;
                bytesReceived += content.readableBytes();
                receiver.onDatagram(content.nioBuffer(), new Path(local, packet.sender()));
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            receiver.onReadComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof java.io.IOException) {
                sendErrors++; // or ICMP's word on an earlier one; either way ICE finds out by itself
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }
}
