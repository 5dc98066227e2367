package dev.nearhand.transport.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Datagrams to peers that the server does not let through yet: sent now they would be lost, and come again only after
/// a retransmission's wait.
final class HeldDatagrams {
    /// Some checks to every peer, and a first flight of DTLS; when full the oldest goes.
    static final int LIMIT = 32;

    record Held(InetSocketAddress peer, byte[] datagram) {}

    private final Deque<Held> queue = new ArrayDeque<>();

    /// @param datagram copied
    /// @return how many had to make room for it
    int keep(InetSocketAddress peer, ByteBuffer datagram) {
        byte[] copy = new byte[datagram.remaining()];
        datagram.get(copy);
        int pushedOut = 0;
        if (queue.size() == LIMIT) {
            queue.remove();
            pushedOut = 1;
        }
        queue.add(new Held(peer, copy));
        return pushedOut;
    }

    /// Takes the oldest of those whose peer is let through, or null.
    @Nullable
    Held poll(Predicate<InetAddress> letThrough) {
        for (Iterator<Held> each = queue.iterator(); each.hasNext(); ) {
            Held held = each.next();
            if (letThrough.test(held.peer.getAddress())) {
                each.remove();
                return held;
            }
        }
        return null;
    }

    void drop(InetAddress peer) {
        queue.removeIf(held -> held.peer.getAddress().equals(peer));
    }

    void clear() {
        queue.clear();
    }
}
