package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.network.TestProxy;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.wire.Path;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Each way in which a proxy can fail, over real sockets: told once, by its own name, and followed by the end.
class ProxyFailureTest {
    private static final int SHORT_MILLIS = 300;
    private static final int SECONDS = 30;

    /// Only the proxy knows the name of the server.
    private static List<String> told(ProxyServer proxy, int serverPort, boolean tls, int limitMillis) throws Exception {
        EventLoop loop = EventLoops.next();
        ProxyHandler handler = (ProxyHandler) proxy.newHandler();
        handler.setConnectTimeoutMillis(limitMillis);
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        PeerEvent.OpenStream wanted = new PeerEvent.OpenStream(1, server, tls, TestProxy.NAME, true);
        Told told = new Told();
        loop.submit(() -> StreamPort.open(loop, wanted, handler, told)).sync();
        assertThat(told.end.await(SECONDS, TimeUnit.SECONDS))
                .as("the end is told")
                .isTrue();
        loop.submit(() -> {}).sync(); // behind whatever else there is to tell
        return told.what;
    }

    /// Short only where it is to be met: the first use of TLS in a process may take a second.
    private static int limit(TestProxy.Manner manner) {
        return manner == TestProxy.Manner.IS_SILENT ? SHORT_MILLIS : ProxyServer.CONNECT_LIMIT_MILLIS;
    }

    private static final class Told implements StreamPort.Receiver {
        final List<String> what = new CopyOnWriteArrayList<>();
        final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void onOpened(StreamPort port) {
            what.add("opened");
            port.close();
        }

        @Override
        public void onMessage(ByteBuffer borrowed, Path path) {
            what.add("message");
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onClosed() {
            what.add("closed");
            end.countDown();
        }

        @Override
        public void onProxyFailed(ProxyFailure why) {
            what.add(why.name());
        }
    }

    private static ProxyServer proxy(ProxyServer.Kind kind, int port, String password) {
        String username = password.isEmpty() ? "" : TestProxy.USERNAME;
        return new ProxyServer(kind, "127.0.0.1", port, username, password);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP, CONNECTS, '', opened",
        "SOCKS5, CONNECTS, '', opened",
        "HTTP, WANTS_PASSWORD, pass:word, opened",
        "SOCKS5, WANTS_PASSWORD, pass:word, opened",
        "HTTP, WANTS_PASSWORD, a guess, CREDENTIALS",
        "SOCKS5, WANTS_PASSWORD, a guess, CREDENTIALS",
        "HTTP, WANTS_PASSWORD, '', CREDENTIALS",
        "SOCKS5, WANTS_PASSWORD, '', CREDENTIALS",
        "HTTP, REFUSES, '', REFUSED",
        "SOCKS5, REFUSES, '', REFUSED",
        "HTTP, CLOSES, '', CLOSED",
        "SOCKS5, CLOSES, '', CLOSED",
        "HTTP, IS_SILENT, '', SILENT",
        "SOCKS5, IS_SILENT, '', SILENT",
    })
    void everyOutcomeIsToldOnceAndByItsOwnName(
            ProxyServer.Kind kind, TestProxy.Manner manner, String password, String expected) throws Exception {
        try (TestProxy proxy = new TestProxy(manner);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(told(proxy(kind, proxy.port(), password), server.getLocalPort(), false, limit(manner)))
                    .containsExactly(expected, "closed");
            if (expected.equals("opened")) {
                assertThat(proxy.asked()).containsExactly(TestProxy.NAME);
            }
        }
    }

    /// Its handshake waits behind the proxy, and is not to be blamed.
    @ParameterizedTest
    @CsvSource({"REFUSES, REFUSED", "CLOSES, CLOSED", "IS_SILENT, SILENT"})
    void underTlsTheProxyIsBlamedJustTheSame(TestProxy.Manner manner, String expected) throws Exception {
        try (TestProxy proxy = new TestProxy(manner)) {
            assertThat(told(proxy(ProxyServer.Kind.HTTP, proxy.port(), ""), 1, true, limit(manner)))
                    .containsExactly(expected, "closed");
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyServer.Kind.class)
    void aPortWhereNobodyListensIsUnreachable(ProxyServer.Kind kind) throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        assertThat(told(proxy(kind, port, ""), 1, false, ProxyServer.CONNECT_LIMIT_MILLIS))
                .containsExactly("UNREACHABLE", "closed");
    }

    @ParameterizedTest
    @EnumSource(ProxyFailure.class)
    void everySentenceSaysWhatToDo(ProxyFailure failure) {
        assertThat(failure.sentence()).startsWith("the ").matches(".*(check|ask|is told).*");
    }
}
