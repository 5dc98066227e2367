package dev.nearhand.transport.netty;

import dev.nearhand.transport.netty.UdpPort.OpenFailure;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Accepts the connections of TURN clients over TCP or TLS, and cuts what they send into messages. Belongs to one event
/// loop, as its connections do.
///
/// What a client does not take fast enough is dropped, as a full router would.
final class TurnListener {
    /// Told of connections and their messages.
    interface Receiver {
        /// @return false to have it closed at once
        boolean onOpened(Connection connection);

        /// `borrowed` is valid until the call returns.
        void onMessage(Connection connection, ByteBuffer borrowed);

        /// All that could be read at once has been delivered.
        void onReadComplete();

        /// It was silent for [#IDLE_SECONDS].
        ///
        /// @return false to have it closed
        boolean onIdle(Connection connection);

        void onClosed(Connection connection);
    }

    static final int IDLE_SECONDS = 60;

    private static final int TLS_LIMIT_MILLIS = 10_000;
    private static final int BACKLOG = 256;
    private static final int SEND_QUEUE_HIGH_BYTES = 256 << 10;
    private static final int SEND_QUEUE_LOW_BYTES = 128 << 10;

    private final Receiver receiver;
    private final @Nullable SslContext tls;
    private final Channel channel;
    private final IntSupplier numbers;

    private TurnListener(
            EventLoop loop, InetSocketAddress address, @Nullable SslContext tls, IntSupplier numbers, Receiver receiver)
            throws OpenFailure {
        this.numbers = numbers;
        this.receiver = receiver;
        this.tls = tls;
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(SocketKind.of(loop).listener())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(SEND_QUEUE_LOW_BYTES, SEND_QUEUE_HIGH_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        begin(accepted);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new OpenFailure("a TCP port cannot be listened on", bound.cause());
        }
        this.channel = bound.channel();
    }

    /// Not on the event loop: it waits.
    ///
    /// @param tls null for plain TCP
    /// @param numbers gives each connection one that no other has
    static TurnListener open(
            EventLoop loop, InetSocketAddress address, @Nullable SslContext tls, IntSupplier numbers, Receiver receiver)
            throws OpenFailure {
        assert !loop.inEventLoop();
        return new TurnListener(loop, address, tls, numbers, receiver);
    }

    InetSocketAddress local() {
        return (InetSocketAddress) channel.localAddress();
    }

    void close() {
        channel.close();
    }

    private void begin(SocketChannel accepted) {
        if (tls != null) {
            SslHandler handler = tls.newHandler(accepted.alloc());
            handler.setHandshakeTimeout(TLS_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            accepted.pipeline().addLast(handler);
        }
        accepted.pipeline()
                .addLast(new IdleStateHandler(IDLE_SECONDS, 0, 0))
                .addLast(new TurnFrames())
                .addLast(new Inbound(new Connection(numbers.getAsInt(), accepted)));
    }

    /// One client's connection.
    static final class Connection {
        private final int number;
        private final Channel channel;
        private boolean dirty;

        Connection(int number, Channel channel) {
            this.number = number;
            this.channel = channel;
        }

        /// No other has it.
        int number() {
            return number;
        }

        InetSocketAddress remote() {
            return (InetSocketAddress) channel.remoteAddress();
        }

        /// Queues a message until [#flush]; copies it.
        ///
        /// @return false when the client is too slow: it is dropped
        boolean send(ByteBuffer borrowed) {
            if (!channel.isWritable()) {
                return false;
            }
            dirty = true;
            channel.write(
                    channel.alloc().directBuffer(borrowed.remaining()).writeBytes(borrowed), channel.voidPromise());
            return true;
        }

        void flush() {
            if (dirty) {
                dirty = false;
                channel.flush();
            }
        }

        void close() {
            channel.close();
        }
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {
        private final Connection connection;
        private boolean isOpen;

        Inbound(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            isOpen = receiver.onOpened(connection);
            if (!isOpen) {
                context.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (isOpen) {
                    receiver.onMessage(connection, ((ByteBuf) message).nioBuffer());
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            receiver.onReadComplete();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof IdleStateEvent && !receiver.onIdle(connection)) {
                context.close();
            }
            super.userEventTriggered(context, event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (isOpen) {
                isOpen = false;
                receiver.onClosed(connection);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // reset, no TLS, or a stream that is none
        }
    }
}
