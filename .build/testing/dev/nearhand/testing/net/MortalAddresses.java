package dev.nearhand.testing.net;

import dev.nearhand.testing.Requires;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Two addresses of this machine more, each of which can die: what is sent to or from it gets lost without a word.
/// They are on the loopback interface, and their names hold the process id, so that several tests have their own.
public final class MortalAddresses implements AutoCloseable {
    private static final int COUNT = 2;
    private static final int NETWORKS = 250;

    private final String table = "nearhand-" + ProcessHandle.current().pid();
    private final String network = "10.214." + (1 + ProcessHandle.current().pid() % NETWORKS) + ".";

    public MortalAddresses() {
        Requires.tool("ip", "iproute2");
        Requires.tool("nft", "nftables");
        Namespace.runsHere("nft delete table ip " + table); // of a killed test with the same number
        boolean made = Namespace.runsHere("nft add table ip " + table)
                && Namespace.runsHere("nft add chain ip " + table + " out { type filter hook output priority 0 ; }");
        for (int i = 0; made && i < COUNT; i++) {
            Namespace.runsHere("ip addr del " + name(i) + "/32 dev lo");
            made = Namespace.runsHere("ip addr add " + name(i) + "/32 dev lo")
                    && Namespace.runsHere("nft add rule ip " + table + " out ip daddr " + name(i) + " counter");
        }
        if (!made) {
            close();
        }
        Requires.check(made, "the right to add addresses and rules of nftables (root)");
    }

    private String name(int index) {
        return network + (index + 1);
    }

    public List<InetAddress> all() {
        return List.of(InetAddress.ofLiteral(name(0)), InetAddress.ofLiteral(name(1)));
    }

    /// How many packets have been sent to it.
    public long packetsTo(InetAddress address) {
        Matcher counter = Pattern.compile(
                        Pattern.quote("ip daddr " + address.getHostAddress()) + " counter packets (\\d+) ")
                .matcher(Namespace.here("nft list table ip " + table));
        if (!counter.find()) {
            throw new IllegalStateException("nft does not count");
        }
        return Long.parseLong(counter.group(1));
    }

    /// From now on nothing gets to or from it.
    public void kill(InetAddress address) {
        for (String side : List.of("saddr", "daddr")) {
            Namespace.here("nft add rule ip " + table + " out ip " + side + " " + address.getHostAddress() + " drop");
        }
    }

    @Override
    public void close() {
        Namespace.runsHere("nft delete table ip " + table);
        for (int i = 0; i < COUNT; i++) {
            Namespace.runsHere("ip addr del " + name(i) + "/32 dev lo");
        }
    }
}
