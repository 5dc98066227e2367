package dev.nearhand.transport.api;

import dev.nearhand.transport.bc.BcDtls;
import dev.nearhand.transport.datachannel.DataChannelConfig;
import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.netty.NettyPeer;
import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerEvent;
import dev.nearhand.transport.peer.SdpKind;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connects this program with itself over the loopback, so that what a first connection costs in a process is paid
/// before a person waits for it: classes are loaded, cryptography is set up, the hot code is compiled.
///
/// Runs once per process, on a thread of the least priority, for a second or two of processor time; what goes wrong is
/// logged and has no consequence but a slower first connection.
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    /// Most of what can be won is won by then; each takes a tenth of a second or so.
    private static final int CONNECTIONS = 8;

    private static final long PATIENCE_SECONDS = 10;

    private WarmUp() {}

    static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(WarmUp::run, "nearhand-warm-up");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        }
    }

    private static void run() {
        try {
            boolean goOn = BcDtls.handshakeInMemory();
            for (int i = 0; i < CONNECTIONS && goOn; i++) {
                goOn = connect();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.warn("warming up failed; the first connection will be slower", failure);
        }
    }

    /// One connection with one channel; answers whether it came about.
    static boolean connect() throws InterruptedException {
        CountDownLatch opened = new CountDownLatch(2);
        NettyPeer offerer = PeerConnection.bare(PeerConfig.defaults(), new End(opened));
        NettyPeer answerer = PeerConnection.bare(PeerConfig.defaults(), new End(opened));
        try {
            List<InetAddress> loopback = List.of(InetAddress.getLoopbackAddress());
            if (offerer.open(loopback) == 0 || answerer.open(loopback) == 0) {
                return false;
            }
            offerer.call((core, now) -> core.openChannel(now, DataChannelConfig.reliable("warm-up")));
            String offer = offerer.call((core, now) -> {
                String made = core.createOffer();
                core.setLocalDescription(now, SdpKind.OFFER, made);
                return made;
            });
            String answer = answerer.call((core, now) -> {
                core.setRemoteDescription(now, SdpKind.OFFER, offer);
                String made = core.createAnswer();
                core.setLocalDescription(now, SdpKind.ANSWER, made);
                return made;
            });
            offerer.call((core, now) -> {
                core.setRemoteDescription(now, SdpKind.ANSWER, answer);
                return core;
            });
            return opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            close(offerer);
            close(answerer);
        }
    }

    private static void close(NettyPeer peer) {
        peer.call((core, now) -> {
            core.close(now);
            return core;
        });
    }

    /// Counts the channel: the offerer's own, and the one that the answerer hears of.
    private record End(CountDownLatch opened) implements NettyPeer.Listener {
        @Override
        public void onEvent(PeerEvent event, PeerCore core) {
            if (event instanceof PeerEvent.Channel(DataChannelEvent.Opened _)) {
                opened.countDown();
            }
        }

        @Override
        public void onQuiet(PeerCore core, long nowNanos) {}

        @Override
        public void onNetworkChange(int added, int gone) {}

        @Override
        public void onBug(Throwable bug) {}
    }
}
