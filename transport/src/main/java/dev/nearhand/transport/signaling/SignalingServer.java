package dev.nearhand.transport.signaling;

import dev.nearhand.transport.api.TransportException;
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
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A server of WHIP and WHEP endpoints: others publish to the first kind and watch from the second.
///
/// Plain HTTP; where the network is not your own, put a reverse proxy that speaks HTTPS in front. At most
/// [#CONNECTIONS_LIMIT] HTTP connections at a time, more are closed at once; an idle one is closed after
/// [#IDLE_SECONDS]. Methods may be called from any thread.
public final class SignalingServer implements AutoCloseable {
    static final int CONNECTIONS_LIMIT = 128;
    static final int IDLE_SECONDS = 60;

    private static final int REQUEST_LINE_LIMIT = 2_048;
    private static final int HEADERS_LIMIT = 16_384;
    private static final int CHUNK_LIMIT = 8_192;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("nearhand-http", true), NioIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final SessionService service;

    private SignalingServer(SignalingServerConfig config) {
        this.service = new SessionService(config);
    }

    /// Listens; has no endpoints yet.
    ///
    /// @throws TransportException `NO_NETWORK` when the port cannot be opened; none is open then
    public static SignalingServer open(SignalingServerConfig config) {
        SignalingServer server = new SignalingServer(config);
        try {
            if (config.bindAddresses().isEmpty()) {
                server.bind(new InetSocketAddress(config.port()));
            }
            for (InetAddress address : config.bindAddresses()) {
                server.bind(new InetSocketAddress(address, server.channels.isEmpty() ? config.port() : server.port()));
            }
        } catch (TransportException failure) {
            server.close();
            throw failure;
        }
        server.loop.scheduleAtFixedRate(() -> server.service.sweep(System.nanoTime()), 1, 1, TimeUnit.SECONDS);
        return server;
    }

    /// Takes publications at `path`.
    ///
    /// @param path such as `/whip` or `/whip/screen`
    public SignalingServer addWhip(String path, SessionSource source) {
        service.add(path, EndpointKind.WHIP, source);
        return this;
    }

    /// Lets clients watch at `path`.
    ///
    /// @param path such as `/whep` or `/whep/screen`
    public SignalingServer addWhep(String path, SessionSource source) {
        service.add(path, EndpointKind.WHEP, source);
        return this;
    }

    /// The TCP port in use.
    public int port() {
        return ((InetSocketAddress) channels.getFirst().localAddress()).getPort();
    }

    /// Sessions that have been created and are not over.
    public int sessions() {
        return service.sessions();
    }

    private void bind(InetSocketAddress address) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Pipeline())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new TransportException(
                    TransportException.Code.NO_NETWORK,
                    "Port " + address.getPort() + " cannot be opened; it may be taken, try another.",
                    bound.cause());
        }
        channels.add(bound.channel());
    }

    /// Ends every session and stops listening.
    @Override
    public void close() {
        channels.forEach(channel -> channel.close().awaitUninterruptibly());
        service.close();
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2_500);
    }

    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            channel.closeFuture().addListener(_ -> connections.decrementAndGet());
            if (connections.incrementAndGet() > CONNECTIONS_LIMIT) {
                channel.close();
                return;
            }
            channel.pipeline()
                    .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                    .addLast(new HttpServerCodec(REQUEST_LINE_LIMIT, HEADERS_LIMIT, CHUNK_LIMIT))
                    .addLast(new HttpObjectAggregator(MediaTypes.LIMIT_BYTES))
                    .addLast(new RequestHandler(service));
        }
    }
}
