package dev.nearhand.transport.signaling;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One HTTP connection: hands each request to the service on a virtual thread, the next one when it has been answered,
/// so that answers keep the order of their requests. At most [#WAITING_LIMIT] wait; one more closes the connection.
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
    private static final int NO_CONTENT = 204;

    private static final int WAITING_LIMIT = 8;

    private final SessionService service;

    // of the event loop
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private boolean busy;

    private record Asked(Request request, boolean keepAlive) {}

    RequestHandler(SessionService service) {
        this.service = service;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        boolean keepAlive = HttpUtil.isKeepAlive(message);
        if (!message.decoderResult().isSuccess()
                || !(context.channel().remoteAddress() instanceof InetSocketAddress remote)
                || !(context.channel().localAddress() instanceof InetSocketAddress local)) {
            send(context, Response.error(400, "This is not HTTP."), false);
        } else if (waiting.size() >= WAITING_LIMIT) {
            context.close();
        } else {
            waiting.add(new Asked(read(message, remote, local), keepAlive));
            next(context);
        }
    }

    private void next(ChannelHandlerContext context) {
        Asked asked = busy ? null : waiting.poll();
        if (asked == null) {
            return;
        }
        busy = true;
        Thread.ofVirtual().name("nearhand-http").start(() -> {
            Response response = answer(asked.request);
            context.executor().execute(() -> {
                busy = false;
                send(context, response, asked.keepAlive);
                next(context);
            });
        });
    }

    private static Request read(FullHttpRequest message, InetSocketAddress remote, InetSocketAddress local) {
        Map<String, String> headers = new HashMap<>();
        message.headers()
                .forEach(header -> headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        String uri = message.uri();
        int query = uri.indexOf('?');
        boolean fromThisMachine =
                remote.getAddress().isLoopbackAddress() || remote.getAddress().equals(local.getAddress());
        return new Request(
                message.method().name(),
                query < 0 ? uri : uri.substring(0, query),
                headers,
                message.content().toString(StandardCharsets.UTF_8),
                remote.getAddress(),
                fromThisMachine);
    }

    private Response answer(Request request) {
        try {
            return service.handle(request, System.nanoTime());
        } catch (RuntimeException mistake) {
            LOG.error("a request could not be answered", mistake);
            return Response.error(500, "This is a mistake of the server.");
        }
    }

    private static void send(ChannelHandlerContext context, Response response, boolean keepAlive) {
        ByteBuf body = Unpooled.copiedBuffer(response.body(), StandardCharsets.UTF_8);
        FullHttpResponse message =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
        response.headers().forEach(header -> message.headers().add(header.name(), header.value()));
        if (response.status() != NO_CONTENT) {
            HttpUtil.setContentLength(message, body.readableBytes());
        }
        if (!keepAlive) {
            message.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        ChannelFuture sent = context.writeAndFlush(message);
        if (!keepAlive) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("closed an HTTP connection: {}", cause.getClass().getSimpleName());
        context.close();
    }
}
