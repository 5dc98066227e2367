package dev.nearhand.app.rendezvous;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Lets through what may become a WebSocket, and says to everybody else what listens here.
///
/// A page in a browser may open a WebSocket to any machine that the browser reaches, and says from where it comes in
/// `Origin` (RFC 6455 section 10.2): only pages of this listener itself may, so that no page of the internet can guess
/// codes from inside the network.
final class RequestFilter extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final Predicate<String> paths;
    private final String whatThisIs;

    /// @param paths where a WebSocket may be asked for
    /// @param whatThisIs the answer to whoever asks for anything else
    RequestFilter(Predicate<String> paths, String whatThisIs) {
        this.paths = paths;
        this.whatThisIs = whatThisIs;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        if (!request.decoderResult().isSuccess()) {
            answer(context, HttpResponseStatus.BAD_REQUEST, "This is not HTTP.\n");
        } else if (!paths.test(request.uri())) {
            answer(context, HttpResponseStatus.NOT_FOUND, whatThisIs);
        } else if (origin != null && !isOwn(origin, request.headers().get(HttpHeaderNames.HOST))) {
            answer(context, HttpResponseStatus.FORBIDDEN, "Pages of other machines may not connect here.\n");
        } else {
            context.fireChannelRead(request.retain());
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    private static void answer(ChannelHandlerContext context, HttpResponseStatus status, String text) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        HttpUtil.setContentLength(response, response.content().readableBytes());
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
