package dev.nearhand.transport.sim;

import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A machine in the simulated world: addresses, and the cores that run on it.
public final class SimHost {
    private final SimWorld world;
    private final String name;
    private List<InetAddress> addresses;
    private @Nullable SimNat nat;

    SimHost(SimWorld world, String name, List<InetAddress> addresses, @Nullable SimNat nat) {
        this.world = world;
        this.name = name;
        this.addresses = addresses;
        this.nat = nat;
    }

    public String name() {
        return name;
    }

    public List<InetAddress> addresses() {
        return addresses;
    }

    /// Its first address, with a port.
    public InetSocketAddress at(int port) {
        return new InetSocketAddress(addresses.getFirst(), port);
    }

    /// All its addresses, with a port.
    public List<InetSocketAddress> allAt(int port) {
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /// Runs a core that receives what comes to `port` at any of this host's addresses.
    ///
    /// @param onEvent gets each event; may change the core through [SimNode#run]
    public <E> SimNode<E> start(int port, ProtocolCore<E> core, Consumer<E> onEvent) {
        SimNode<E> node = new SimNode<>(world, this, core, onEvent);
        allAt(port).forEach(address -> world.bind(this, address, node));
        return node;
    }

    /// Lets a core that runs here have TCP connections.
    ///
    /// @param onLost is told of each that has ended
    public void connects(SimNode<?> node, Consumer<Path> onLost) {
        world.streams().own(this, node, onLost);
    }

    /// Accepts TCP connections at all addresses, for the core that [#connects].
    public void listens(int port) {
        allAt(port).forEach(address -> world.streams().listen(this, address));
    }

    /// Gives a core that runs here what comes to another port, too.
    public void also(int port, SimNode<?> node) {
        allAt(port).forEach(address -> world.bind(this, address, node));
    }

    /// Leaves its network for another one: what runs on `port` is reached there from now on, at other addresses, and no
    /// longer at the old ones. The core has to be told by itself.
    ///
    /// @param behind the NAT of the other network, or null
    public void move(int port, SimNode<?> node, @Nullable SimNat behind, InetAddress... to) {
        allAt(port).forEach(address -> world.unbind(this, address));
        nat = behind;
        addresses = List.of(to);
        allAt(port).forEach(address -> world.bind(this, address, node));
    }

    @Nullable
    SimNat nat() {
        return nat;
    }

    @Override
    public String toString() {
        return name;
    }
}
