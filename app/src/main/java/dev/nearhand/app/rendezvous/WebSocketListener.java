package dev.nearhand.app.rendezvous;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/// WebSockets on a port: what both the host's listener and a rendezvous are made of. One thread, on which every handler
/// runs.
///
/// At most so many connections at a time; more are closed at once.
final class WebSocketListener implements AutoCloseable {
    private static final int REQUEST_LINE_LIMIT = 1024;
    private static final int HEADERS_LIMIT = 8192;
    private static final int CHUNK_LIMIT = 8192;
    private static final int BODY_LIMIT = 1024;
    private static final long HANDSHAKE_LIMIT_MILLIS = 5_000;

    private final EventLoopGroup loop;
    private final List<Channel> servers = new ArrayList<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicInteger count = new AtomicInteger();
    private final Setup setup;

    /// What is to happen with a connection.
    ///
    /// @param thread its name
    /// @param pathPrefix of the WebSockets
    /// @param messageLimitBytes a larger message closes its connection
    /// @param filter looks at the HTTP request
    /// @param handler takes the WebSocket's frames
    /// @param admits asked for each new connection; otherwise it is closed at once
    record Setup(
            String thread,
            String pathPrefix,
            int connectionsLimit,
            int messageLimitBytes,
            Supplier<RequestFilter> filter,
            Supplier<ChannelHandler> handler,
            Function<Channel, Boolean> admits) {}

    private WebSocketListener(Setup setup) {
        this.setup = setup;
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(setup.thread(), true), NioIoHandler.newFactory());
    }

    /// Listens on the same port of every address.
    ///
    /// @param addresses empty means all of this machine
    /// @param port 0 takes any free one
    /// @throws IOException when one of them cannot be opened; none is open then
    static WebSocketListener open(List<InetAddress> addresses, int port, Setup setup) throws IOException {
        WebSocketListener listener = new WebSocketListener(setup);
        try {
            if (addresses.isEmpty()) {
                listener.bind(new InetSocketAddress(port));
            }
            for (InetAddress address : addresses) {
                listener.bind(new InetSocketAddress(address, listener.servers.isEmpty() ? port : listener.port()));
            }
            return listener;
        } catch (IOException failure) {
            listener.close();
            throw failure;
        }
    }

    /// The TCP port in use.
    int port() {
        return ((InetSocketAddress) servers.getFirst().localAddress()).getPort();
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
        servers.add(bound.channel());
    }

    /// Takes no more connections.
    void closeServers() {
        servers.forEach(channel -> channel.close().awaitUninterruptibly());
    }

    /// Sends the same last message to everybody.
    void farewell(Supplier<Object> message) {
        connections.forEach(channel -> channel.writeAndFlush(message.get()));
    }

    /// Closes the listener and every connection.
    @Override
    public void close() {
        closeServers();
        connections.close().awaitUninterruptibly(1_000);
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2_500);
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.closeFuture().addListener(_ -> count.decrementAndGet());
            if (count.incrementAndGet() > setup.connectionsLimit()
                    || !setup.admits().apply(channel)) {
                channel.close();
                return;
            }
            connections.add(channel);
            WebSocketServerProtocolConfig webSocket = WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath(setup.pathPrefix())
                    .checkStartsWith(true) // the filter has looked at the rest
                    .handshakeTimeoutMillis(HANDSHAKE_LIMIT_MILLIS)
                    .maxFramePayloadLength(setup.messageLimitBytes())
                    .allowExtensions(false)
                    .dropPongFrames(false) // they show who is still there
                    .build();
            channel.pipeline()
                    .addLast(new HttpServerCodec(REQUEST_LINE_LIMIT, HEADERS_LIMIT, CHUNK_LIMIT))
                    .addLast(new HttpObjectAggregator(BODY_LIMIT))
                    .addLast(setup.filter().get())
                    .addLast(new WebSocketServerProtocolHandler(webSocket))
                    .addLast(new WebSocketFrameAggregator(setup.messageLimitBytes()))
                    .addLast(setup.handler().get());
        }
    }
}
