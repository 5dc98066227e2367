package dev.nearhand.transport.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.dtls.FakeDtlsEndpoint;
import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerCoreConfig;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.peer.PeerPorts;
import dev.nearhand.transport.peer.PeerState;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NettyPeerTest {
    private final AtomicReference<PeerState> state = new AtomicReference<>(PeerState.NEW);
    private final CompletableFuture<Throwable> bug = new CompletableFuture<>();

    private NettyPeer peer() {
        return new NettyPeer(
                wakeUp -> new PeerCore(
                        PeerCoreConfig.defaults(),
                        new PeerPorts(
                                new Random(1),
                                new Random(2),
                                InstantSource.system(),
                                FakeDtlsEndpoint::create,
                                new FakeDtlsEndpoint.FakeCertificate("one"),
                                wakeUp)),
                new NettyPeer.Listener() {
                    @Override
                    public void onEvent(PeerEvent event, PeerCore core) {
                        if (event instanceof PeerEvent.StateChanged change) {
                            state.set(change.state());
                        }
                    }

                    @Override
                    public void onQuiet(PeerCore core, long nowNanos) {}

                    @Override
                    public void onNetworkChange(int added, int gone) {}

                    @Override
                    public void onBug(Throwable found) {
                        bug.complete(found);
                    }
                });
    }

    private static String offer(NettyPeer peer) {
        return peer.call((core, now) -> core.createOffer());
    }

    @Test
    void opensASocketForEachAddressAndClosesThemWithTheConnection() throws Exception {
        NettyPeer peer = peer();
        assertThat(peer.follow(null, true)).isPositive();
        assertThat(offer(peer)).contains("a=candidate:");
        peer.submit((core, now) -> {
                    core.close(now);
                    return core;
                })
                .get(10, SECONDS);
        assertThat(state.get()).isEqualTo(PeerState.CLOSED);
        assertThatThrownBy(() -> peer.call((core, now) -> core.createOffer()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anAddressOfAnotherMachineIsNoCandidate() throws Exception {
        assertThat(peer().open(List.of(InetAddress.getByName("192.0.2.77")))).isZero();
    }

    @Test
    void whatTheCallerDoesWrongIsThrownAtTheCallerAndEndsNothing() {
        NettyPeer peer = peer();
        assertThatThrownBy(() -> peer.call((core, now) -> core.createAnswer()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(offer(peer)).contains("m=application");
        assertThat(bug).isNotDone();
    }

    @Test
    void aBugInACoreEndsItsConnectionAndNotTheLoop() throws Exception {
        NettyPeer broken = peer();
        CompletableFuture<Object> caller = broken.submit((core, now) -> {
            throw new AssertionError("planted");
        });
        assertThatThrownBy(() -> caller.get(10, SECONDS)).hasMessageContaining("given up");
        assertThat(bug.get(10, SECONDS)).hasMessage("planted");
        for (int i = 0; i < 4; i++) {
            assertThat(offer(peer())).contains("m=application");
        }
    }

    @Test
    void whatTheSystemRefusesToSendIsCountedAndTheSocketLivesOn() throws Exception {
        EventLoop loop = EventLoops.next();
        CompletableFuture<Integer> received = new CompletableFuture<>();
        UdpPort.Receiver receiver = new UdpPort.Receiver() {
            @Override
            public void onDatagram(ByteBuffer borrowed, dev.nearhand.transport.wire.Path path) {
                received.complete(borrowed.remaining());
            }

            @Override
            public void onReadComplete() {}
        };
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        UdpPort port = loop.submit(() -> UdpPort.open(loop, loopback, receiver)).get();
        loop.submit(() -> {
                    // a socket bound to loopback has no way to the outside
                    port.send(ByteBuffer.allocate(10), new InetSocketAddress("192.0.2.1", 9));
                    port.send(ByteBuffer.allocate(10), new InetSocketAddress("255.255.255.255", 9));
                    port.flush();
                    port.send(ByteBuffer.allocate(33), port.local());
                    port.flush();
                })
                .get();
        assertThat(received.get(10, SECONDS)).isEqualTo(33);
        long errors = loop.submit(() -> port.stats().sendErrors()).get();
        assertThat(errors).isPositive();
        loop.submit(port::close).get();
    }
}
