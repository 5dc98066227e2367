package dev.nearhand.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out, once in a process, whether this system splits one large send into datagrams, and gives several that it
/// received in one read: by sending such a thing to itself.
///
/// Nobody waits for it. Until it has come back, and where it does not, datagrams are sent one by one.
final class SegmentProbe {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentProbe.class);
    private static final int SEGMENT_BYTES = 100;
    private static final int SEGMENTS = 3;
    private static final int LAST_BYTES = 50;
    private static final int PATIENCE_SECONDS = 2;
    private static final int BUFFER_BYTES = 1 << 16;

    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static volatile boolean works;

    private SegmentProbe() {}

    /// Whether segments may be sent; false until that is known.
    static boolean works() {
        return works;
    }

    /// Begins to find out, unless that has been done. On a loop of the native kind only.
    static void begin(EventLoop loop) {
        if (BEGUN.compareAndSet(false, true)) {
            ask(loop);
        }
    }

    private static void ask(EventLoop loop) {
        Arrivals arrivals = new Arrivals();
        ChannelFuture bound = new Bootstrap()
                .group(loop)
                .channelFactory(() -> SocketKind.EPOLL.datagrams(InetAddress.getLoopbackAddress()))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BUFFER_BYTES))
                .handler(arrivals)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        bound.addListener(_ -> {
            if (!bound.isSuccess()) {
                LOG.debug("datagrams are sent one by one: nothing can be bound on loopback");
                return;
            }
            DatagramChannel channel = (DatagramChannel) bound.channel();
            gather(channel);
            ByteBuf segments = Unpooled.directBuffer();
            for (int i = 0; i < (SEGMENTS - 1) * SEGMENT_BYTES + LAST_BYTES; i++) {
                segments.writeByte(i);
            }
            channel.writeAndFlush(new SegmentedDatagramPacket(segments, SEGMENT_BYTES, channel.localAddress()))
                    .addListener(sent -> {
                        if (!sent.isSuccess()) {
                            LOG.debug("datagrams are sent one by one: the system takes no segments");
                            channel.close();
                        }
                    });
            loop.schedule(() -> channel.close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    /// Has what arrives together read together; Netty splits it again before anybody sees it.
    ///
    /// @return whether the system does that
    static boolean gather(DatagramChannel channel) {
        try {
            return channel instanceof EpollDatagramChannel
                    && channel.config().setOption(EpollChannelOption.UDP_GRO, true);
        } catch (RuntimeException olderSystem) {
            return false;
        }
    }

    /// The probe has succeeded when all bytes have come in the datagrams that they should.
    private static final class Arrivals extends SimpleChannelInboundHandler<DatagramPacket> {
        private int next;

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            ByteBuf content = packet.content();
            boolean last = next == (SEGMENTS - 1) * SEGMENT_BYTES;
            if (content.readableBytes() != (last ? LAST_BYTES : SEGMENT_BYTES)) {
                LOG.debug("datagrams are sent one by one: the system does not keep their lengths");
                context.close();
                return;
            }
            while (content.isReadable()) {
                if (content.readByte() != (byte) next++) {
                    context.close();
                    return;
                }
            }
            if (last) {
                works = true;
                context.close();
            }
        }
    }
}
