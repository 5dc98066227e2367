package dev.nearhand.transport.netty;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks twice a second which addresses this machine has, for as long as anybody wants to know, and tells who follows
/// it when they have changed.
///
/// The JDK has no other way to notice a change of network. One look costs some 100 µs, for all connections together.
/// May be used from any thread; followers are called on a virtual thread of its own and must not block it.
final class AddressWatch {
    /// The watch of all connections that follow the system's own addresses.
    static final AddressWatch SYSTEM = new AddressWatch(LocalAddresses::present);

    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);
    private static final long INTERVAL_MILLIS = 500;

    private final Supplier<List<InetAddress>> source;
    /// Who follows, and what it was told last. One for each connection.
    private final Map<Consumer<List<InetAddress>>, List<InetAddress>> followers = new HashMap<>();

    private boolean isRunning;

    AddressWatch(Supplier<List<InetAddress>> source) {
        this.source = source;
    }

    /// The addresses there are now.
    List<InetAddress> look() {
        return List.copyOf(source.get());
    }

    /// @param known what the follower knows already; it is told of what differs
    synchronized void follow(Consumer<List<InetAddress>> follower, List<InetAddress> known) {
        followers.put(follower, known);
        if (!isRunning) {
            isRunning = true;
            Thread.ofVirtual().name("nearhand-networks").start(this::run);
        }
    }

    /// Has a follower told again at the next look, changed or not.
    synchronized void tellAgain(Consumer<List<InetAddress>> follower) {
        followers.computeIfPresent(follower, (_, _) -> List.of());
    }

    synchronized void leave(Consumer<List<InetAddress>> follower) {
        followers.remove(follower);
    }

    private void run() {
        while (hasFollowers()) {
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
            }
            try {
                tell(look());
            } catch (RuntimeException sourcesFault) {
                LOG.error("the source of local addresses threw", sourcesFault);
            }
        }
    }

    private synchronized boolean hasFollowers() {
        isRunning = !followers.isEmpty();
        return isRunning;
    }

    private synchronized void tell(List<InetAddress> present) {
        followers.forEach((follower, known) -> {
            if (!known.equals(present)) {
                followers.put(follower, present);
                follower.accept(present);
            }
        });
    }
}
