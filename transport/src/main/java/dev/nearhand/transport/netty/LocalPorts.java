package dev.nearhand.transport.netty;

import dev.nearhand.transport.peer.PeerCore;
import dev.nearhand.transport.peer.PeerState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The local addresses of one connection: opens a port at each and tells its core, and follows their coming and going.
/// On the event loop only, inside a step of the core.
final class LocalPorts {
    /// The way from other places into a step of the core, as long as there is one.
    interface Steps {
        /// Runs a change on the loop, soon. Any thread.
        void later(Runnable change);

        /// Runs a change now.
        void run(Runnable change);

        long now();

        void onNetworkChange(int added, int gone);
    }

    private static final Logger LOG = LoggerFactory.getLogger(LocalPorts.class);
    private static final int MOST_PREFERRED = 65_535;

    private final Sockets sockets;
    private final IceStreams iceStreams;
    private final PeerCore core;
    private final UdpPort.Receiver receiver;
    private final Steps steps;
    private final Consumer<List<InetAddress>> follower = this::onAddresses;
    private @Nullable AddressWatch watch;
    private boolean usesLoopback;
    private boolean listens;

    LocalPorts(Sockets sockets, IceStreams iceStreams, PeerCore core, UdpPort.Receiver receiver, Steps steps) {
        this.sockets = sockets;
        this.iceStreams = iceStreams;
        this.core = core;
        this.receiver = receiver;
        this.steps = steps;
    }

    /// Has TCP connections accepted at each address that is opened from now on.
    void acceptTcp() {
        listens = true;
    }

    /// How many UDP ports there are then.
    int open(List<InetAddress> addresses, long now) {
        openMissing(addresses, now);
        return sockets.udpPorts();
    }

    int share(SharedUdpPort shared, long now) {
        DatagramPort port = sockets.join(shared, receiver, () -> onSharedClosed(shared.local()));
        if (port != null) {
            shared.forbidFragments();
            core.addLocalAddress(now, port.local(), MOST_PREFERRED);
        }
        return sockets.udpPorts();
    }

    /// Who says goodbye may finish that; all others have lost the address.
    private void onSharedClosed(InetSocketAddress local) {
        if (core.state() != PeerState.CLOSING && core.state() != PeerState.CLOSED) {
            steps.run(() -> {
                core.removeLocalAddress(steps.now(), local);
                sockets.close(local);
            });
        }
    }

    /// @param present what `followed` knows
    int follow(AddressWatch followed, List<InetAddress> present, boolean loopback, long now) {
        usesLoopback = loopback || LocalAddresses.usable(present, false).isEmpty();
        openMissing(LocalAddresses.usable(present, usesLoopback), now);
        watch = followed;
        followed.follow(follower, present);
        return sockets.udpPorts();
    }

    void leave() {
        if (watch != null) {
            watch.leave(follower);
        }
    }

    /// Opens what is not open yet; how many could be.
    private int openMissing(List<InetAddress> wanted, long now) {
        int opened = 0;
        for (int i = 0; i < wanted.size(); i++) {
            if (sockets.hasUdpPortOf(wanted.get(i))) {
                continue;
            }
            UdpPort port = sockets.open(wanted.get(i), receiver);
            if (port != null) {
                // "Probe packets MUST NOT be fragmented" (RFC 8899 section 4.1); a system that cannot is as before
                port.forbidFragments();
                // of an address that is added later the preference may be that of another one: a tie, no harm
                core.addLocalAddress(now, port.local(), MOST_PREFERRED - i);
                InetSocketAddress listening = listens ? iceStreams.listen(wanted.get(i)) : null;
                if (listening != null) {
                    core.addListeningAddress(now, listening, MOST_PREFERRED - i);
                }
                opened++;
            }
        }
        return opened;
    }

    private void onAddresses(List<InetAddress> present) {
        steps.later(() -> adapt(LocalAddresses.usable(present, usesLoopback)));
    }

    private void adapt(List<InetAddress> wanted) {
        List<InetSocketAddress> gone = sockets.notAmong(wanted);
        int added = openMissing(wanted, steps.now());
        for (InetSocketAddress local : gone) {
            core.removeLocalAddress(steps.now(), local);
            sockets.close(local);
        }
        if (watch != null && !wanted.stream().allMatch(sockets::hasUdpPortOf)) {
            watch.tellAgain(follower); // an IPv6 address that is still tentative can be bound soon
        }
        if (added > 0 || !gone.isEmpty()) {
            LOG.info("the network has changed: {} addresses added, {} gone", added, gone.size());
            steps.onNetworkChange(added, gone.size());
        }
    }
}
