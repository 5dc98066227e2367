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
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/// One UDP socket, bound to one local address. Belongs to the event loop it was opened on.
///
/// Datagrams of a turn that are as long as each other go to the system together where it splits them ([SegmentProbe]).
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

    /// What arrives together is read together, up to the longest UDP datagram.
    private static final int READ_BYTES = 1 << 16;

    private static final int READS_PER_TURN = 64;
    private static final int SEND_QUEUE_HIGH_BYTES = 2 << 20;
    private static final int SEND_QUEUE_LOW_BYTES = 1 << 20;

    // Linux's names and numbers, for which Java has none of its own
    private static final int PATH_MTU_DISCOVERY_DO = 2;
    private static final ChannelOption<Integer> IP_MTU_DISCOVER =
            new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final ChannelOption<Integer> IPV6_MTU_DISCOVER =
            new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);

    /// The interface cannot do it: it never will.
    private static final int EIO = 5;

    private final Receiver receiver;
    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final DatagramBatch batch = new DatagramBatch();
    private boolean batches;
    private boolean dirty;
    private @Nullable Path lastFrom;
    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;
    private long sendErrors;
    private long sendQueueFull;
    private long batchesRefused;

    private UdpPort(DatagramChannel channel, Receiver receiver) {
        this.channel = channel;
        this.local = channel.localAddress();
        this.receiver = receiver;
        this.batches = channel instanceof EpollDatagramChannel;
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
        SocketKind kind = SocketKind.of(loop);
        ChannelFuture bound = new Bootstrap()
                .group(loop)
                .channelFactory(() -> kind.datagrams(address.getAddress()))
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(kind == SocketKind.EPOLL ? READ_BYTES : LARGEST_DATAGRAM_BYTES)
                                .maxMessagesPerRead(READS_PER_TURN))
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
        DatagramChannel channel = (DatagramChannel) bound.channel();
        if (kind == SocketKind.EPOLL) {
            SegmentProbe.begin(loop);
            if (!SegmentProbe.gather(channel)) {
                // then several in one call, each into its part of the buffer
                channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST_DATAGRAM_BYTES);
            }
        }
        return new UdpPort(channel, receiver);
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    /// What leaves from here is not fragmented on its way; false where the system cannot do that.
    boolean forbidFragments() {
        if (channel instanceof EpollDatagramChannel) {
            boolean ipv6 = local.getAddress() instanceof Inet6Address;
            try {
                return channel.config().setOption(ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, PATH_MTU_DISCOVERY_DO);
            } catch (RuntimeException refused) {
                return false;
            }
        }
        return channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.IP_DONTFRAGMENT), true);
    }

    @Override
    public void send(ByteBuffer borrowed, InetSocketAddress remote) {
        if (!channel.isWritable()) {
            sendQueueFull++;
            return;
        }
        packetsSent++;
        bytesSent += borrowed.remaining();
        dirty = true;
        if (!batches || !SegmentProbe.works()) {
            ByteBuf copy = channel.alloc().directBuffer(borrowed.remaining()).writeBytes(borrowed);
            channel.write(new DatagramPacket(copy, remote), channel.voidPromise());
        } else if (!batch.add(borrowed, remote, channel.alloc())) {
            writeBatch();
            batch.add(borrowed, remote, channel.alloc());
        }
    }

    private void writeBatch() {
        if (batch.datagrams() < 2) {
            if (batch.datagrams() == 1) {
                channel.write(new DatagramPacket(batch.take(), batch.remote()), channel.voidPromise());
            }
            return;
        }
        InetSocketAddress remote = batch.remote();
        int segmentBytes = batch.segmentBytes();
        ByteBuf all = batch.take();
        channel.write(new SegmentedDatagramPacket(all.retain(), segmentBytes, remote))
                .addListener(outcome -> {
                    if (!outcome.isSuccess() && channel.isOpen()) {
                        sendOneByOne(all, segmentBytes, remote, outcome.cause());
                    }
                    all.release();
                });
    }

    /// What is refused together may pass alone, all but one that is too long for the way, or that has no way.
    private void sendOneByOne(ByteBuf all, int segmentBytes, InetSocketAddress remote, Throwable cause) {
        batchesRefused++;
        if (cause instanceof Errors.NativeIoException refused && Math.abs(refused.expectedErr()) == EIO) {
            batches = false;
        }
        for (int at = all.readerIndex(); at < all.writerIndex(); at += segmentBytes) {
            ByteBuf segment = all.retainedSlice(at, Math.min(segmentBytes, all.writerIndex() - at));
            channel.write(new DatagramPacket(segment, remote), channel.voidPromise());
        }
        channel.flush();
    }

    /// How many sends of several datagrams the system has refused, which then were sent one by one.
    long batchesRefused() {
        return batchesRefused;
    }

    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            writeBatch();
            channel.flush();
        }
    }

    @Override
    public void close() {
        batch.release();
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
                int length = Math.min(content.readableBytes(), LARGEST_DATAGRAM_BYTES);
                packetsReceived++;
                bytesReceived += length;
                receiver.onDatagram(content.nioBuffer(content.readerIndex(), length), pathFrom(packet.sender()));
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        /// Mostly the one before: a path that is the same object is told to be equal at once.
        private Path pathFrom(InetSocketAddress sender) {
            Path from = lastFrom;
            if (from == null || !from.remote().equals(sender)) {
                from = new Path(local, sender);
                lastFrom = from;
            }
            return from;
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
