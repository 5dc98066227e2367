package dev.nearhand.transport.turn;

import dev.nearhand.transport.time.TimerTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Which peers the server lets through ([RFC 8656 section 9](https://www.rfc-editor.org/rfc/rfc8656#section-9)), by
/// address without port.
///
/// A permission that is used is renewed before it ends; one that is not used lapses, and is asked for again by the next
/// datagram.
final class Permissions {
    /// All of the other side's candidates and some to spare; when full, the one longest unused makes room.
    static final int LIMIT = 80;

    static final long LIFETIME_NANOS = 300_000_000_000L;
    private static final long RENEW_NANOS = 240_000_000_000L;
    /// A refusal is believed this long.
    private static final long DENIED_NANOS = 30_000_000_000L;

    enum State {
        REQUESTED,
        GRANTED,
        DENIED
    }

    private static final class Permission {
        State state = State.REQUESTED;
        boolean renewing;
        long usedNanos;
        long grantedNanos;
        long endsNanos = TimerTable.NEVER;
    }

    private final LinkedHashMap<InetAddress, Permission> byPeer = new LinkedHashMap<>(16, 0.75f, true);

    /// Marks a permission as used; whether it has to be asked for.
    boolean use(long nowNanos, InetAddress peer) {
        Permission permission = byPeer.get(peer);
        boolean isNew = permission == null;
        if (permission == null) {
            if (byPeer.size() == LIMIT) {
                byPeer.pollFirstEntry();
            }
            permission = new Permission();
            byPeer.put(peer, permission);
        }
        permission.usedNanos = nowNanos;
        return isNew;
    }

    State stateOf(InetAddress peer) {
        Permission permission = byPeer.get(peer);
        return permission == null ? State.DENIED : permission.state;
    }

    boolean isGranted(InetAddress peer) {
        return stateOf(peer) == State.GRANTED;
    }

    void granted(long nowNanos, InetAddress peer) {
        Permission permission = byPeer.get(peer);
        if (permission != null) {
            permission.state = State.GRANTED;
            permission.renewing = false;
            permission.grantedNanos = nowNanos;
            permission.endsNanos = nowNanos + LIFETIME_NANOS;
        }
    }

    void denied(long nowNanos, InetAddress peer) {
        Permission permission = byPeer.get(peer);
        if (permission != null) {
            permission.state = State.DENIED;
            permission.endsNanos = nowNanos + DENIED_NANOS;
        }
    }

    /// Nobody answered: a permission that is there goes on, one that is not is asked for by the next datagram.
    void unanswered(InetAddress peer) {
        Permission permission = byPeer.get(peer);
        if (permission != null && permission.state == State.REQUESTED) {
            byPeer.remove(peer);
        } else if (permission != null) {
            permission.renewing = false;
        }
    }

    /// Forgets what has ended; the peers whose permission is to be renewed now.
    List<InetAddress> toRenew(long nowNanos) {
        byPeer.values().removeIf(permission -> permission.endsNanos <= nowNanos);
        List<InetAddress> due = new ArrayList<>();
        byPeer.forEach((peer, permission) -> {
            if (isRenewable(permission) && permission.grantedNanos + RENEW_NANOS <= nowNanos) {
                permission.renewing = true;
                due.add(peer);
            }
        });
        return due;
    }

    private static boolean isRenewable(Permission permission) {
        return permission.state == State.GRANTED
                && !permission.renewing
                && permission.usedNanos > permission.grantedNanos;
    }

    long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (Permission permission : byPeer.values()) {
            next = Math.min(next, permission.endsNanos);
            if (isRenewable(permission)) {
                next = Math.min(next, permission.grantedNanos + RENEW_NANOS);
            }
        }
        return next;
    }

    void clear() {
        byPeer.clear();
    }
}
