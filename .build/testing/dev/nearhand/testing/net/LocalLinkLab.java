package dev.nearhand.testing.net;

/// Two hosts on one link with nothing else on it, each a namespace of its own.
public final class LocalLinkLab implements AutoCloseable {
    public static final String LEFT_ADDRESS = "192.168.77.1";
    public static final String RIGHT_ADDRESS = "192.168.77.2";

    private final Namespace left = Namespace.create("left");
    private final Namespace right = Namespace.create("right");

    public LocalLinkLab() {
        left.ip("link add net0 type veth peer name net0 netns " + right.name());
        connect(left, LEFT_ADDRESS);
        connect(right, RIGHT_ADDRESS);
    }

    private static void connect(Namespace host, String address) {
        host.ip("addr add " + address + "/24 dev net0");
        host.ip("link set net0 up");
        host.ip("route add default dev net0");
    }

    public Namespace left() {
        return left;
    }

    public Namespace right() {
        return right;
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
