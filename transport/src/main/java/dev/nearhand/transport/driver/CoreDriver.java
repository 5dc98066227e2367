package dev.nearhand.transport.driver;

import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The one loop around a core: feed it, drain it until it is quiet, arm one timer.
///
/// The Netty shell and the simulator both drive their cores through this class, so that what runs in virtual time is
/// what runs on the wire. Belongs to one thread; does not know what the core does.
///
/// @param <E> the events of the core
public final class CoreDriver<E> {
    /// The outside of a core: where its datagrams, its events and its one timer go.
    ///
    /// @param <E> the events of the core
    public interface Port<E> {
        /// Sends a datagram. `borrowed` is valid until the call returns.
        void send(ByteBuffer borrowed, Path path);

        /// Delivers an event. May call the core through [CoreDriver#run]; such a call is carried out when the current
        /// drain allows it.
        void onEvent(E event);

        /// Asks for [CoreDriver#onTimer] at `atNanos`, replacing what was asked for before; `TimerTable.NEVER` cancels
        /// it.
        void wakeAt(long atNanos);
    }

    /// Largest datagram a core may write: an Ethernet frame's payload and room to spare.
    public static final int BUFFER_BYTES = 2048;

    /// Datagrams of a burst that are handed in before the core is drained: bounds what its queues hold meanwhile.
    static final int MOST_UNDRAINED = 16;

    private final ProtocolCore<E> core;
    private final Port<E> port;
    private final ByteBuffer lent = ByteBuffer.allocate(BUFFER_BYTES);
    private boolean draining;
    private boolean changing;
    private int undrained;
    private long armedNanos = TimerTable.NEVER;

    public CoreDriver(ProtocolCore<E> core, Port<E> port) {
        this.core = core;
        this.port = port;
    }

    /// A datagram has arrived.
    public void onDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
        core.handleDatagram(nowNanos, borrowed, path);
        drain(nowNanos);
    }

    /// One of several datagrams that have come together has arrived. What follows from it is done with the last of
    /// them, by [#onBurstEnd], or after some: so a core answers a burst, not each datagram of it.
    public void onDatagramOfBurst(long nowNanos, ByteBuffer borrowed, Path path) {
        core.handleDatagram(nowNanos, borrowed, path);
        undrained++;
        if (undrained >= MOST_UNDRAINED) {
            drain(nowNanos);
        }
    }

    /// The last datagram of a burst has been handed in.
    public void onBurstEnd(long nowNanos) {
        if (undrained > 0) {
            drain(nowNanos);
        }
    }

    /// The timer that was armed last has fired.
    public void onTimer(long nowNanos) {
        armedNanos = TimerTable.NEVER;
        core.handleTimeout(nowNanos);
        drain(nowNanos);
    }

    /// Makes one change to the core, then drains it. A change made in the middle of another is part of that one: what
    /// follows from both is done once.
    public void run(long nowNanos, Runnable change) {
        if (changing) {
            change.run();
            return;
        }
        changing = true;
        try {
            change.run();
        } finally {
            changing = false;
        }
        drain(nowNanos);
    }

    private void drain(long nowNanos) {
        if (draining) {
            return; // the outer drain goes on until the core is quiet
        }
        draining = true;
        undrained = 0;
        try {
            boolean busy = true;
            while (busy) {
                busy = drainEvents() | drainTransmits(nowNanos);
            }
        } finally {
            draining = false;
        }
        arm();
    }

    private boolean drainEvents() {
        boolean any = false;
        for (E event = core.pollEvent(); event != null; event = core.pollEvent()) {
            any = true;
            port.onEvent(event);
        }
        return any;
    }

    private boolean drainTransmits(long nowNanos) {
        boolean any = false;
        for (Transmit next = poll(nowNanos); next != null; next = poll(nowNanos)) {
            any = true;
            port.send(lent.slice(0, next.lengthBytes()), next.path());
        }
        return any;
    }

    private @Nullable Transmit poll(long nowNanos) {
        lent.clear();
        return core.pollTransmit(nowNanos, lent);
    }

    private void arm() {
        long next = core.nextTimeoutNanos();
        if (next != armedNanos) {
            armedNanos = next;
            port.wakeAt(next);
        }
    }
}
