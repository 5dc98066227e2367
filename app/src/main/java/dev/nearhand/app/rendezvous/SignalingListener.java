package dev.nearhand.app.rendezvous;

import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.SignalMessage;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The host's WebSocket listener: HTTP and JSON in, [SignalMessage]s out to a [Door]. Knows no codes and no sessions.
///
/// At most [#VISITORS_LIMIT] connections at a time; more are closed at once. Whoever says nothing useful for a while is
/// closed too, see [VisitorHandler].
public final class SignalingListener implements AutoCloseable {
    static final int VISITORS_LIMIT = 32;

    private static final int REQUEST_LINE_LIMIT = 1024;
    private static final int HEADERS_LIMIT = 8192;
    private static final int CHUNK_LIMIT = 8192;
    private static final int BODY_LIMIT = 1024;
    private static final long HANDSHAKE_LIMIT_MILLIS = 5_000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("nearhand-listener", true), NioIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();
    private final AtomicInteger visitors = new AtomicInteger();
    private final Door door;

    private SignalingListener(Door door) {
        this.door = door;
    }

    /// Listens on the same port of every address.
    ///
    /// @param addresses empty means all of this machine
    /// @param port 0 takes any free one
    /// @throws IOException when one of them cannot be opened; none is open then
    public static SignalingListener open(List<InetAddress> addresses, int port, Door door) throws IOException {
        SignalingListener listener = new SignalingListener(door);
        try {
            if (addresses.isEmpty()) {
                listener.bind(new InetSocketAddress(port));
            }
            for (InetAddress address : addresses) {
                listener.bind(new InetSocketAddress(address, listener.channels.isEmpty() ? port : listener.port()));
            }
            return listener;
        } catch (IOException failure) {
            listener.close();
            throw failure;
        }
    }

    /// The TCP port in use.
    public int port() {
        return ((InetSocketAddress) channels.getFirst().localAddress()).getPort();
    }

    private void bind(InetSocketAddress address) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("port " + address.getPort() + " cannot be opened", bound.cause());
        }
        channels.add(bound.channel());
    }

    /// Closes the listener and every visitor.
    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2_500);
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.closeFuture().addListener(_ -> visitors.decrementAndGet());
            if (visitors.incrementAndGet() > VISITORS_LIMIT) {
                channel.close();
                return;
            }
            WebSocketServerProtocolConfig webSocket = WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath(Door.PATH)
                    .handshakeTimeoutMillis(HANDSHAKE_LIMIT_MILLIS)
                    .maxFramePayloadLength(SignalMessage.LIMIT_BYTES)
                    .allowExtensions(false)
                    .build();
            channel.pipeline()
                    .addLast(new HttpServerCodec(REQUEST_LINE_LIMIT, HEADERS_LIMIT, CHUNK_LIMIT))
                    .addLast(new HttpObjectAggregator(BODY_LIMIT))
                    .addLast(new RequestFilter())
                    .addLast(new WebSocketServerProtocolHandler(webSocket))
                    .addLast(new WebSocketFrameAggregator(SignalMessage.LIMIT_BYTES))
                    .addLast(new VisitorHandler(door));
        }
    }
}
