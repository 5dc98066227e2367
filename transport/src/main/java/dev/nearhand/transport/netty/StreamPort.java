package dev.nearhand.transport.netty;

import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.wire.Path;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// One connection to a TURN server, over TCP or TLS, that carries whole messages. Belongs to the event loop it was
/// opened on. TLS trusts whom the platform trusts, and wants the server's name in the certificate.
///
/// What the connection does not take fast enough is dropped, as a full router would: what it carries brings its own
/// retransmission, and late media is worse than none.
final class StreamPort {
    /// Told what becomes of the connection: opened at most once, then closed exactly once.
    interface Receiver {
        void onOpened(StreamPort port);

        /// `borrowed` is valid until the call returns.
        void onMessage(ByteBuffer borrowed, Path path);

        /// All that could be read at once has been delivered.
        void onReadComplete();

        void onClosed();

        /// The proxy has not made the connection. At most once, and not when the connection was given up by this side.
        void onProxyFailed(ProxyFailure why);
    }

    private static final int OPEN_LIMIT_MILLIS = 3_000;
    private static final int SEND_QUEUE_HIGH_BYTES = 128 << 10;
    private static final int SEND_QUEUE_LOW_BYTES = 64 << 10;

    private final Receiver receiver;
    private final PeerEvent.OpenStream wanted;
    private final boolean proxied;
    private final Channel channel;
    private @Nullable Path path;
    private boolean dirty;
    private boolean isClosed;
    private boolean isGivenUp;
    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;
    private long sendQueueFull;

    private StreamPort(EventLoop loop, PeerEvent.OpenStream wanted, @Nullable ChannelHandler proxy, Receiver receiver) {
        this.receiver = receiver;
        this.wanted = wanted;
        this.proxied = proxy != null;
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(SocketKind.of(loop).stream())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, OPEN_LIMIT_MILLIS)
                .option(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(SEND_QUEUE_LOW_BYTES, SEND_QUEUE_HIGH_BYTES))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel fresh) throws NoSuchAlgorithmException {
                        if (proxy != null) {
                            fresh.pipeline().addLast(proxy);
                        }
                        if (wanted.tls()) {
                            fresh.pipeline().addLast(tls());
                        }
                        fresh.pipeline().addLast(new TurnFrames(), new Inbound());
                    }
                })
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .connect(
                        // what service records have led to is another host than that of the name
                        proxy != null && wanted.byName()
                                ? InetSocketAddress.createUnresolved(
                                        wanted.hostName(), wanted.server().getPort())
                                : wanted.server());
        this.channel = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                loop.execute(
                        () -> { // never before the owner knows this port
                            if (proxied) {
                                proxyFailed(done.cause());
                            }
                            closed();
                        });
            }
        });
    }

    /// Begins to connect. On the event loop only.
    ///
    /// @param proxy asks a proxy for the connection, which may look up the name of the server; null for none
    static StreamPort open(
            EventLoop loop, PeerEvent.OpenStream wanted, @Nullable ChannelHandler proxy, Receiver receiver) {
        assert loop.inEventLoop();
        return new StreamPort(loop, wanted, proxy, receiver);
    }

    private SslHandler tls() throws NoSuchAlgorithmException {
        SSLEngine engine = SSLContext.getDefault()
                .createSSLEngine(wanted.hostName(), wanted.server().getPort());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        // the handshake begins to wait as soon as the proxy is there, long before the server is
        int limit = proxied ? ProxyServer.CONNECT_LIMIT_MILLIS + OPEN_LIMIT_MILLIS : OPEN_LIMIT_MILLIS;
        handler.setHandshakeTimeout(limit, TimeUnit.MILLISECONDS);
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                opened();
            } else {
                channel.close(); // not given up by this side: the proxy may be the reason
            }
        });
        return handler;
    }

    /// The two ends; null while it is not open.
    @Nullable
    Path path() {
        return path;
    }

    /// Queues a message until [#flush]; copies it.
    void send(ByteBuffer borrowed) {
        if (!channel.isWritable()) {
            sendQueueFull++;
            return;
        }
        int length = borrowed.remaining();
        ByteBuf copy = channel.alloc().directBuffer(length).writeBytes(borrowed);
        packetsSent++;
        bytesSent += length;
        dirty = true;
        channel.write(copy, channel.voidPromise());
    }

    void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    void close() {
        isGivenUp = true;
        channel.close();
    }

    NetworkStats stats() {
        return new NetworkStats(packetsSent, bytesSent, packetsReceived, bytesReceived, 0, sendQueueFull);
    }

    private void opened() {
        if (!isClosed && path == null) {
            path = new Path((InetSocketAddress) channel.localAddress(), wanted.server());
            receiver.onOpened(this);
        }
    }

    private void proxyFailed(Throwable cause) {
        if (!isGivenUp) {
            isGivenUp = true;
            receiver.onProxyFailed(ProxyFailure.of(cause));
        }
    }

    private void closed() {
        if (!isClosed) {
            isClosed = true;
            receiver.onClosed();
        }
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!wanted.tls() && !proxied) {
                opened();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (!wanted.tls() && event instanceof ProxyConnectionEvent) {
                opened(); // a channel is active when the proxy is there, long before the server is
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                ByteBuf content = (ByteBuf) message;
                packetsReceived++;
                bytesReceived += content.readableBytes();
                if (path != null) {
                    receiver.onMessage(content.nioBuffer(), path);
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
        public void channelInactive(ChannelHandlerContext context) {
            closed();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof ProxyConnectException) {
                proxyFailed(cause);
                // Netty's handler keeps the end of the connection to itself when the proxy has closed it
                context.channel().eventLoop().execute(StreamPort.this::closed);
            }
            context.close(); // reset, no trust, or a stream that is none: the allocation ends with the connection
        }
    }
}
