package dev.nearhand.testing.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Two hosts, each behind a NAT, and an internet between them in which servers can be started: hostA – natA – internet
/// – natB – hostB, each a namespace of its own. Nothing leads out of it.
public final class NetworkLab implements AutoCloseable {
    /// Addresses of the internet for servers.
    public static final List<String> SERVERS = List.of("203.0.113.1", "203.0.113.2", "203.0.113.3");

    private final Deque<Runnable> ends = new ArrayDeque<>();
    private final Namespace internet;
    private final Namespace hostA;
    private final Namespace hostB;
    private final Uplink uplinkA;
    private final Uplink uplinkB;
    private int uplinks;

    public NetworkLab() {
        internet = space("internet");
        internet.ip("link add hub type bridge");
        internet.ip("link set hub up");
        for (String address : SERVERS) {
            internet.ip("addr add " + address + "/24 dev hub");
        }
        // packets to elsewhere are sent and never heard of again, as in the internet
        internet.ip("link add nowhere type veth peer name void");
        internet.ip("link set void up");
        internet.ip("link set nowhere up");
        internet.ip("addr add 198.51.100.1/24 dev nowhere");
        internet.ip("neigh add 198.51.100.2 lladdr 02:00:00:00:00:01 dev nowhere nud permanent");
        internet.ip("route add default via 198.51.100.2");
        hostA = space("hostA");
        hostB = space("hostB");
        uplinkA = addUplink(hostA, "net0");
        uplinkB = addUplink(hostB, "net0");
        uplinkA.connect();
        uplinkB.connect();
    }

    public NetworkLab(Nat natA, Nat natB) {
        this();
        uplinkA.translate(natA);
        uplinkB.translate(natB);
    }

    private Namespace space(String purpose) {
        Namespace made = Namespace.create(purpose);
        ends.push(made::close);
        return made;
    }

    private Uplink addUplink(Namespace host, String device) {
        Uplink made = new Uplink(host, internet, ++uplinks, device);
        ends.push(made::close);
        return made;
    }

    public Namespace internet() {
        return internet;
    }

    /// Gives a host of the internet another address.
    public void addServer(String address) {
        internet.ip("addr add " + address + "/32 dev hub");
    }

    public Namespace hostA() {
        return hostA;
    }

    public Namespace hostB() {
        return hostB;
    }

    public Uplink uplinkA() {
        return uplinkA;
    }

    public Uplink uplinkB() {
        return uplinkB;
    }

    /// Another way into the internet for host A, behind a port-restricted NAT; not connected yet.
    public Uplink secondUplinkA() {
        return addUplink(hostA, "net1");
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
