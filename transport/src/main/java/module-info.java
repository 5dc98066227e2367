/// WebRTC in pure Java. What is exported is `api`, and `signaling` for WHIP and WHEP; every other package may change at
/// any time.
module dev.nearhand.transport {
    requires java.net.http;
    requires static org.jspecify;
    requires org.slf4j;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.handler.proxy;
    requires io.netty.codec.dns;
    requires io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.tls;
    requires jdk.net;

    exports dev.nearhand.transport.api;
    exports dev.nearhand.transport.signaling;
}
