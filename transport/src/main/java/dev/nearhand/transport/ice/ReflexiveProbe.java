package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.Retransmission;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Asks one STUN server from one base what it sees that base as ([RFC 8445 section
/// 5.1.1.2](https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.2)), and then keeps the NAT's mapping alive.
///
/// Sees only what comes along its own path, and takes of that only the answer to its own question.
public final class ReflexiveProbe {
    private static final long RTO_NANOS = 250_000_000L;

    /// With [#MOST_NANOS] between them they last 16 s, as long as anybody waits for a path.
    private static final int REQUESTS = 12;

    private static final long MOST_NANOS = 1_600_000_000L;

    /// `Tr`: "SHOULD be at least 15 seconds" (RFC 8445 section 11).
    private static final long KEEPALIVE_NANOS = 15_000_000_000L;

    private final Path path;
    private final RandomGenerator random;
    private final TransactionId id;
    private final Retransmission times;
    private @Nullable InetSocketAddress mapped;
    private boolean isSettled;
    private long keepaliveNanos;

    /// @param path from the base to the server
    /// @param random for transaction ids; cryptographic in production
    public ReflexiveProbe(long nowNanos, Path path, RandomGenerator random) {
        this.path = path;
        this.random = random;
        this.id = TransactionId.random(random);
        this.times = Retransmission.patient(nowNanos, RTO_NANOS, REQUESTS, MOST_NANOS);
    }

    public Path path() {
        return path;
    }

    /// Whether the server has answered, or will not.
    public boolean isSettled() {
        return isSettled;
    }

    /// What the server has seen, or null.
    public @Nullable InetSocketAddress mapped() {
        return mapped;
    }

    /// Takes the answer to its question; whether it was that.
    public boolean handle(long nowNanos, ByteBuffer borrowed, Path from) {
        if (!from.equals(path)
                || !(StunMessage.parse(borrowed) instanceof StunParse.Received received)
                || !received.message().transactionId().equals(id)
                || received.message().messageClass() == StunClass.REQUEST
                || received.message().messageClass() == StunClass.INDICATION) {
            return false; // a question that comes back is no answer
        }
        StunAttribute.XorMappedAddress address = received.message().find(StunAttribute.XorMappedAddress.class);
        boolean isSuccess = received.message().messageClass() == StunClass.SUCCESS_RESPONSE;
        if (!isSettled && isSuccess && address != null && isUsable(address.address())) {
            mapped = address.address();
            keepaliveNanos = nowNanos + KEEPALIVE_NANOS;
        }
        settle();
        return true;
    }

    private boolean isUsable(InetSocketAddress address) {
        boolean sameFamily =
                address.getAddress().getClass().equals(path.local().getAddress().getClass());
        return sameFamily
                && address.getPort() != 0
                && !address.getAddress().isAnyLocalAddress()
                && !address.getAddress().isMulticastAddress();
    }

    private void settle() {
        isSettled = true;
        times.stop();
    }

    public void handleTimeout(long nowNanos) {
        if (!isSettled && times.isOver(nowNanos)) {
            settle();
        }
    }

    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        if (!isSettled && times.isDue(nowNanos)) {
            times.sent(nowNanos);
            return new Transmit(path, StunMessage.binding(StunClass.REQUEST, id).writeWithFingerprint(into));
        }
        if (mapped != null && nowNanos >= keepaliveNanos) {
            keepaliveNanos = nowNanos + KEEPALIVE_NANOS;
            return new Transmit(
                    path,
                    StunMessage.binding(StunClass.INDICATION, TransactionId.random(random))
                            .writeWithFingerprint(into));
        }
        return null;
    }

    public long nextTimeoutNanos() {
        return mapped != null ? keepaliveNanos : times.nextNanos();
    }
}
