package dev.nearhand.transport.ice;

import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A full ICE agent (RFC 8445) for one component, with consent freshness (RFC 7675).
///
/// Single-threaded, without I/O.
public final class IceAgent implements ProtocolCore<IceEvent> {
    private static final String NOT_YET = "not built yet";

    public IceAgent(IceRole role, IceCredentials local, RandomGenerator random, IceConfig config) {}

    /// Adds an address of this host; checks leave from it and arrive at it.
    public void addLocalCandidate(long nowNanos, Candidate candidate) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Tells who the other side is; checks start with the first pair of candidates.
    public void setRemoteCredentials(long nowNanos, IceCredentials remote) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Adds an address of the other side. One that is unresolved, TCP or of another component is counted and ignored.
    public void addRemoteCandidate(long nowNanos, Candidate candidate) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    public void endOfRemoteCandidates(long nowNanos) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Sets the role before checks start.
    public void setRole(IceRole role) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    public IceRole role() {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Tells that the other side is a lite agent, which sends no checks: this side then controls.
    public void remoteIsLite(boolean lite) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Begins anew with other credentials (RFC 8445 section 9); the path in use stays until another one is found.
    public void restart(long nowNanos, IceRole role, IceCredentials newLocal) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    public IceState state() {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Where data goes, or null while there is no path or consent to use it.
    public @Nullable Path selectedPath() {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Whether an authenticated message has come along this path, so that data from it may be believed to be the other
    /// side's.
    public boolean isKnownPath(Path path) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    public void close(long nowNanos) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    public IceStats stats() {
        throw new UnsupportedOperationException(NOT_YET);
    }

    /// Takes a STUN message; everything else that shares the port is kept away by its owner (RFC 7983).
    @Override
    public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    @Override
    public void handleTimeout(long nowNanos) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    @Override
    public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
        throw new UnsupportedOperationException(NOT_YET);
    }

    @Override
    public @Nullable IceEvent pollEvent() {
        throw new UnsupportedOperationException(NOT_YET);
    }

    @Override
    public long nextTimeoutNanos() {
        throw new UnsupportedOperationException(NOT_YET);
    }
}
