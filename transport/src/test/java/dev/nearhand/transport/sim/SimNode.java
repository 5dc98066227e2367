package dev.nearhand.transport.sim;

import dev.nearhand.transport.driver.CoreDriver;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// A core at work on a simulated host, driven by the same loop that drives it on the wire.
///
/// @param <E> the events of the core
public final class SimNode<E> {
    private final SimWorld world;
    private final SimHost host;
    private final CoreDriver<E> driver;
    private final Consumer<E> onEvent;
    private final List<E> events = new ArrayList<>();
    private long alarm;
    private boolean isStopped;
    private long sent;
    private long received;

    SimNode(SimWorld world, SimHost host, ProtocolCore<E> core, Consumer<E> onEvent) {
        this.world = world;
        this.host = host;
        this.onEvent = onEvent;
        this.driver = new CoreDriver<>(core, new Outside());
    }

    public SimHost host() {
        return host;
    }

    /// Every event so far.
    public List<E> events() {
        return events;
    }

    public long sent() {
        return sent;
    }

    public long received() {
        return received;
    }

    /// Makes a change to the core now, and drains it. The change is told the time.
    public void run(LongConsumer change) {
        driver.run(world.now(), () -> change.accept(world.now()));
    }

    /// The process is gone: it neither hears nor says anything from now on.
    public void stop() {
        isStopped = true;
    }

    void receive(ByteBuffer datagram, Path path) {
        if (!isStopped) {
            received++;
            driver.onDatagram(world.now(), datagram, path);
        }
    }

    private final class Outside implements CoreDriver.Port<E> {
        @Override
        public void send(ByteBuffer borrowed, Path path) {
            if (!isStopped) {
                sent++;
                world.send(host, borrowed, path);
            }
        }

        @Override
        public void onEvent(E event) {
            events.add(event);
            world.note("event " + host.name() + " " + event);
            onEvent.accept(event);
        }

        @Override
        public void wakeAt(long atNanos) {
            long token = ++alarm;
            if (atNanos != TimerTable.NEVER) {
                world.at(atNanos, () -> {
                    if (token == alarm && !isStopped) {
                        driver.onTimer(world.now());
                    }
                });
            }
        }
    }
}
