package dev.nearhand.testing.net;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One way of a host into the internet: an interface of the host, and a NAT of its own behind it.
public final class Uplink implements AutoCloseable {
    /// What a firewall on the way lets out.
    public enum Blocked {
        NOTHING(""),
        UDP("meta l4proto udp drop"),
        ALL_BUT_TCP_443("iifname lan tcp dport != 443 drop\n iifname lan meta l4proto != tcp drop"),
        EVERYTHING("drop");

        private final String rules;

        Blocked(String rules) {
            this.rules = rules;
        }
    }

    private static final Pattern PACKETS = Pattern.compile("packets (\\d+)");

    private static final int LOOK_SECONDS = 5;
    private static final int BUSY = 20;

    private static final int FIRST_TABLE = 100;

    private final Namespace host;
    private final Namespace router;
    private final int number;
    private final String device;
    private final String hostAddress;
    private final String gateway;
    private final String outside;

    /// @param number of this uplink in its lab, from 1: all its addresses follow from it
    Uplink(Namespace host, Namespace internet, int number, String device) {
        this.host = host;
        this.number = number;
        this.router = Namespace.create("nat" + number);
        this.device = device;
        this.hostAddress = "10.0." + number + ".2";
        this.gateway = "10.0." + number + ".1";
        this.outside = "203.0.113." + 10 * number;
        host.ip("link add " + device + " type veth peer name lan netns " + router.name());
        router.ip("link add wan type veth peer name port" + number + " netns " + internet.name());
        internet.ip("link set port" + number + " master hub up");
        router.ip("addr add " + gateway + "/24 dev lan");
        router.ip("link set lan up");
        router.ip("addr add " + outside + "/24 dev wan");
        router.ip("link set wan up");
        router.ip("route add default via " + NetworkLab.SERVERS.getFirst());
        router.shell("echo 1 > /proc/sys/net/ipv4/ip_forward");
        translate(Nat.PORT_RESTRICTED);
    }

    /// The address of the host on this uplink.
    public String hostAddress() {
        return hostAddress;
    }

    /// Sets the kind of NAT. For flows that begin later.
    public void translate(Nat nat) {
        router.nft("flush ruleset\n" + nat.rules(hostAddress, outside));
    }

    /// Gives the host its address here, and its way out.
    public void connect() {
        host.ip("addr add " + hostAddress + "/24 dev " + device);
        host.ip("link set " + device + " up");
        host.ip("route replace default via " + gateway + " dev " + device);
    }

    /// Gives the host another address here, and a way out for what it sends from that.
    public void connectBeside() {
        String table = Integer.toString(FIRST_TABLE + number);
        host.ip("addr add " + hostAddress + "/24 dev " + device);
        host.ip("link set " + device + " up");
        host.ip("route add default via " + gateway + " dev " + device + " table " + table);
        host.ip("rule add from " + hostAddress + " lookup " + table);
    }

    /// Takes the address and the way out away, as when a cable is drawn.
    public void disconnect() {
        host.ip("link set " + device + " down");
        host.ip("addr flush dev " + device);
    }

    /// From now on the network in between drops these packets, until the next call.
    public void block(Blocked what) {
        block(what.rules);
    }

    /// From now on the network in between lets out nothing but TCP to this port of this host.
    public void blockAllBut(String ip, int port) {
        block("iifname lan ip daddr != " + ip + " drop\n iifname lan tcp dport != " + port
                + " drop\n iifname lan meta l4proto != tcp drop");
    }

    private void block(String rules) {
        router.nft("table ip block {}\n delete table ip block\n table ip block {\n chain forward {\n"
                + "type filter hook forward priority -10; policy accept;\n" + rules + "\n}\n}");
    }

    /// Lets TCP connections in from behind another uplink, at the host's own address: two sites of one company, say.
    public void admitTcpFrom(Uplink other) {
        other.router.ip("route add " + hostAddress + "/32 via " + outside);
        router.nft("add rule ip filter forward iifname wan ip daddr " + hostAddress + " meta l4proto tcp accept");
    }

    /// Whether what the host sends leaves for others than the servers: busy flows are meant, 20 packets a second. Looks
    /// for a direct path for some seconds, as a relayed one may hold until then.
    public boolean goesDirectly() throws InterruptedException {
        long before = directPackets();
        for (int second = 0; second < LOOK_SECONDS; second++) {
            TimeUnit.SECONDS.sleep(1); // the measurement itself: how much leaves within a second
            long now = directPackets();
            if (now - before > BUSY) {
                return true;
            }
            before = now;
        }
        return false;
    }

    private long directPackets() {
        Matcher count = PACKETS.matcher(router.answer(List.of("nft", "list", "counter", "ip", "filter", "direct")));
        if (!count.find()) {
            throw new IllegalStateException("nft counts in other words than expected");
        }
        return Long.parseLong(count.group(1));
    }

    @Override
    public void close() {
        router.close();
    }
}
