package dev.nearhand.app.rendezvous;

import dev.nearhand.app.json.Decoded;
import dev.nearhand.app.signaling.Door;
import dev.nearhand.app.signaling.SignalMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket: reads its messages for the door. What is no message closes it, and so does too many of them, a first
/// one that does not come within [#FIRST_LIMIT_SECONDS], and [#WHOLE_LIMIT_SECONDS] in all.
final class VisitorHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    /// An answer and the candidates of many networks; a connection that is taken up again needs them again.
    static final int MESSAGES_LIMIT = 128;
    static final long FIRST_LIMIT_SECONDS = 10;
    static final long WHOLE_LIMIT_SECONDS = 180;

    private static final Logger LOG = LoggerFactory.getLogger(VisitorHandler.class);

    private final Door door;
    private Door.@Nullable Visitor visitor;
    private int messages;

    VisitorHandler(Door door) {
        this.door = door;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // also whoever opens a connection and never asks for a WebSocket
        context.executor().schedule(() -> closeUnlessUseful(context), FIRST_LIMIT_SECONDS, TimeUnit.SECONDS);
        context.executor().schedule(() -> context.close(), WHOLE_LIMIT_SECONDS, TimeUnit.SECONDS);
        context.fireChannelActive();
    }

    private void closeUnlessUseful(ChannelHandlerContext context) {
        if (messages == 0) {
            context.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof HandshakeComplete) {
            visitor = new WebSocketVisitor(context.channel());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof PongWebSocketFrame) {
            return;
        }
        Door.Visitor present = visitor;
        if (present == null || !(frame instanceof TextWebSocketFrame) || ++messages > MESSAGES_LIMIT) {
            refuse(context, WebSocketCloseStatus.POLICY_VIOLATION);
            return;
        }
        switch (SignalMessage.CODEC.decode(frame.content().nioBuffer())) {
            case Decoded.Message<SignalMessage>(SignalMessage message) -> door.onMessage(present, message);
            case Decoded.Unknown<SignalMessage> _ -> {}
            case Decoded.Malformed<SignalMessage> malformed -> {
                LOG.info("closed a visitor whose message is {}", malformed.reason());
                refuse(context, WebSocketCloseStatus.INVALID_PAYLOAD_DATA);
            }
        }
    }

    private static void refuse(ChannelHandlerContext context, WebSocketCloseStatus status) {
        context.writeAndFlush(new CloseWebSocketFrame(status)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Door.Visitor present = visitor;
        if (present != null) {
            visitor = null;
            door.onGone(present);
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("closed a visitor: {}", cause.getClass().getSimpleName());
        context.close();
    }

    private record WebSocketVisitor(Channel channel) implements Door.Visitor {
        @Override
        public void send(SignalMessage message) {
            channel.writeAndFlush(new TextWebSocketFrame(SignalMessage.CODEC.encode(message)));
        }

        @Override
        public void sendLast(SignalMessage message) {
            send(message);
            channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                    .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void close() {
            channel.close();
        }

        @Override
        public boolean fromThisMachine() {
            return channel.remoteAddress() instanceof InetSocketAddress remote
                    && channel.localAddress() instanceof InetSocketAddress local
                    && remote.getAddress() != null
                    && (remote.getAddress().isLoopbackAddress()
                            || remote.getAddress().equals(local.getAddress()));
        }
    }
}
