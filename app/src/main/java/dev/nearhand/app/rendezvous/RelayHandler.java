package dev.nearhand.app.rendezvous;

import dev.nearhand.app.json.Decoded;
import dev.nearhand.app.signaling.RelayMessage;
import dev.nearhand.app.signaling.SignalMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket at a rendezvous, of a host or of a viewer: passes its messages on.
///
/// A connection is closed when it says too much at a time, when its other end takes nothing any more, and when nothing
/// comes from it: a host answers the pings that it is sent, a viewer has [VisitorHandler]'s limits.
final class RelayHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    /// Viewers of one host at a time.
    static final int VISITS_LIMIT = 32;

    private static final Logger LOG = LoggerFactory.getLogger(RelayHandler.class);
    private static final long PING_SECONDS = 20;
    private static final long SILENT_SECONDS = 3 * PING_SECONDS;
    private static final double MESSAGES_AT_ONCE = 150;
    private static final double MESSAGES_A_SECOND = 30;
    private static final double BYTES_AT_ONCE = 1 << 20;
    private static final double BYTES_A_SECOND = 128 << 10;

    /// What a connection is of.
    sealed interface End {}

    static final class HostEnd implements End {
        final Channel channel;
        /// At most [#VISITS_LIMIT].
        final Map<Long, VisitorEnd> visits = new HashMap<>();

        String number = "";

        HostEnd(Channel channel) {
            this.channel = channel;
        }

        void send(RelayMessage message) {
            channel.writeAndFlush(new TextWebSocketFrame(RelayMessage.CODEC.encode(message)));
        }
    }

    static final class VisitorEnd implements End {
        final Channel channel;
        final long number;

        @Nullable
        HostEnd host;

        VisitorEnd(Channel channel, long number) {
            this.channel = channel;
            this.number = number;
        }

        /// The last word.
        void say(SignalMessage last) {
            channel.writeAndFlush(RendezvousServer.frame(last));
            RendezvousServer.close(channel);
        }
    }

    private final RendezvousServer server;
    private final Allowance messages = new Allowance(MESSAGES_AT_ONCE, MESSAGES_A_SECOND, System.nanoTime());
    private final Allowance bytes = new Allowance(BYTES_AT_ONCE, BYTES_A_SECOND, System.nanoTime());
    private @Nullable End end;
    private long heardNanos = System.nanoTime();
    private boolean useful;

    RelayHandler(RendezvousServer server) {
        this.server = server;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            if (!useful) {
                                context.close();
                            }
                        },
                        VisitorHandler.FIRST_LIMIT_SECONDS,
                        TimeUnit.SECONDS);
        context.fireChannelActive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof HandshakeComplete complete) {
            End begun = server.begin(context.channel(), complete.requestUri());
            end = begun;
            switch (begun) {
                case HostEnd _ -> ping(context);
                case VisitorEnd _ ->
                    context.executor()
                            .schedule(() -> context.close(), VisitorHandler.WHOLE_LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }
        context.fireUserEventTriggered(event);
    }

    /// Also what keeps the NATs on the way open.
    private void ping(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        if (System.nanoTime() - heardNanos > TimeUnit.SECONDS.toNanos(SILENT_SECONDS)) {
            context.close();
            return;
        }
        context.writeAndFlush(new PingWebSocketFrame());
        context.executor().schedule(() -> ping(context), PING_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        long now = System.nanoTime();
        heardNanos = now;
        if (!messages.take(1, now) || !bytes.take(frame.content().readableBytes(), now)) {
            LOG.info("closed a connection that says too much");
            context.close();
        } else if (frame instanceof TextWebSocketFrame text) {
            switch (end) {
                case HostEnd host -> fromHost(context, host, text);
                case VisitorEnd visitor -> fromVisitor(context, visitor, text);
                case null -> context.close();
            }
        } else if (!(frame instanceof PongWebSocketFrame)) {
            context.close();
        }
    }

    private void fromHost(ChannelHandlerContext context, HostEnd host, TextWebSocketFrame text) {
        switch (RelayMessage.CODEC.decode(text.content().nioBuffer())) {
            case Decoded.Message<RelayMessage>(RelayMessage message) -> fromHost(context, host, message);
            case Decoded.Unknown<RelayMessage> _ -> {}
            case Decoded.Malformed<RelayMessage> malformed -> {
                LOG.info("closed a host whose message is {}", malformed.reason());
                context.close();
            }
        }
    }

    private void fromHost(ChannelHandlerContext context, HostEnd host, RelayMessage message) {
        switch (message) {
            case RelayMessage.Register register -> {
                if (useful) {
                    context.close(); // once is enough
                    return;
                }
                useful = true;
                server.register(host, register);
            }
            case RelayMessage.To(long visit, String said, boolean last) -> {
                VisitorEnd visitor = host.visits.get(visit);
                if (visitor != null) {
                    boolean taken = visitor.channel.isWritable();
                    if (taken) {
                        visitor.channel.writeAndFlush(new TextWebSocketFrame(said));
                    }
                    if (last || !taken) {
                        dismiss(host, visitor);
                    }
                }
            }
            case RelayMessage.Dismiss(long visit) -> {
                VisitorEnd visitor = host.visits.get(visit);
                if (visitor != null) {
                    dismiss(host, visitor);
                }
            }
            case RelayMessage.Registered _,
                    RelayMessage.Rejected _,
                    RelayMessage.Arrived _,
                    RelayMessage.From _,
                    RelayMessage.Left _ -> context.close();
        }
    }

    private static void dismiss(HostEnd host, VisitorEnd visitor) {
        host.visits.remove(visitor.number);
        visitor.host = null;
        RendezvousServer.close(visitor.channel);
    }

    private void fromVisitor(ChannelHandlerContext context, VisitorEnd visitor, TextWebSocketFrame text) {
        HostEnd host = visitor.host;
        if (host == null) {
            return; // turned away already
        }
        if (text.content().readableBytes() > SignalMessage.LIMIT_BYTES) {
            context.close();
            return;
        }
        if (!host.channel.isWritable()) {
            context.close(); // what the host does not take now is not kept for it, and one viewer is not to fill it
            return;
        }
        useful = true;
        host.send(new RelayMessage.From(visitor.number, text.text()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        switch (end) {
            case HostEnd host -> server.left(host);
            case VisitorEnd visitor -> {
                HostEnd host = visitor.host;
                if (host != null && host.visits.remove(visitor.number) != null) {
                    host.send(new RelayMessage.Left(visitor.number));
                }
            }
            case null -> {}
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("closed a connection: {}", cause.getClass().getSimpleName());
        context.close();
    }
}
