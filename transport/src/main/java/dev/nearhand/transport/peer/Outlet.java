package dev.nearhand.transport.peer;

import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The way out: which child may send next, along which path, and what has to go through a relay.
///
/// Checks go before DTLS, DTLS before media, media before data channels, which wait in their own queue.
final class Outlet {
    private final Gathering gathering;
    private final IceWiring ice;
    private final DtlsWiring dtls;
    private final RtpWiring rtp;
    private final SctpWiring sctp;
    private @Nullable Path goodbyePath;

    Outlet(Gathering gathering, IceWiring ice, DtlsWiring dtls, RtpWiring rtp, SctpWiring sctp) {
        this.gathering = gathering;
        this.ice = ice;
        this.dtls = dtls;
        this.rtp = rtp;
        this.sctp = sctp;
    }

    /// The path may have changed: while the connection lives, its goodbyes would go along the present one.
    void followPath() {
        goodbyePath = ice.path();
    }

    /// Whether there is a path, or was one when the connection ended.
    boolean hasPath() {
        return goodbyePath != null;
    }

    /// @param closed whether only goodbyes are left to send
    @Nullable
    Transmit poll(long nowNanos, ByteBuffer into, boolean closed) {
        int start = into.position();
        Transmit own = closed ? null : gathering.pollTransmit(nowNanos, into);
        if (own != null) {
            return own;
        }
        for (Transmit next = pollPlain(nowNanos, into, closed);
                next != null;
                next = pollPlain(nowNanos, into, closed)) {
            Transmit wrapped = gathering.relays().wrap(nowNanos, next, into, start);
            if (wrapped != null) {
                return wrapped;
            }
        }
        if (closed) {
            gathering.close(nowNanos); // after the goodbyes, which may need a relay
        }
        return gathering.pollTransmit(nowNanos, into); // what wrapping has called for
    }

    /// What the children send, as if every local address of a pair were one of this host.
    private @Nullable Transmit pollPlain(long nowNanos, ByteBuffer into, boolean closed) {
        Transmit check = ice.pollTransmit(nowNanos, into);
        if (check != null) {
            return check;
        }
        // without consent nothing is sent (RFC 7675 section 5.1), except the goodbye of a connection that has it
        Path to = closed ? goodbyePath : ice.path();
        Transmit data = to == null ? null : pollData(nowNanos, into, to);
        if (data != null && !closed) {
            ice.agent().onSent(nowNanos);
        }
        return data;
    }

    private @Nullable Transmit pollData(long nowNanos, ByteBuffer into, Path to) {
        int start = into.position();
        if (dtls.isStarted() && dtls.pollTransmit(into)) {
            return new Transmit(to, into.position() - start);
        }
        int media = rtp.pollTransmit(nowNanos, into);
        if (media > 0) {
            return new Transmit(to, media);
        }
        if (dtls.isConnected()) {
            ByteBuffer packet = sctp.pollPacket(nowNanos);
            if (packet != null && dtls.protect(packet, into)) {
                return new Transmit(to, into.position() - start);
            }
        }
        return null;
    }
}
