package dev.nearhand.transport.peer;

import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A core as it is; a test overrides what it wants to be different.
class ForwardingCore implements ProtocolCore<PeerEvent> {
    private final PeerCore core;

    ForwardingCore(PeerCore core) {
        this.core = core;
    }

    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        core.handleDatagram(nowNanos, borrowed, path);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        core.handleTimeout(nowNanos);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        return core.pollTransmit(nowNanos, into);
    }

    @Override
    public @Nullable PeerEvent pollEvent() {
        return core.pollEvent();
    }

    @Override
    public long nextTimeoutNanos() {
        return core.nextTimeoutNanos();
    }
}
