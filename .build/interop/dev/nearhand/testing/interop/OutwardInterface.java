package dev.nearhand.testing.interop;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Makes sure that there is a network interface besides the loopback, without which a browser gathers no candidates:
/// where there is none, a pair of virtual ones that lead nowhere, for as long as the test runs.
public final class OutwardInterface implements AutoCloseable {
    private static final String NAME = "nearhand-t0";
    private static final List<String> CREATE = List.of(
            "link add " + NAME + " type veth peer name nearhand-t1",
            "addr add 10.213.7.1/24 dev " + NAME,
            "link set nearhand-t1 up",
            "link set " + NAME + " up",
            "route add default via 10.213.7.2");

    private final boolean ours;

    public OutwardInterface() {
        ours = !exists();
        if (ours) {
            boolean created = CREATE.stream().allMatch(OutwardInterface::ip);
            if (!created) {
                close();
            }
            Requires.check(created, "a network interface besides the loopback, or the right to make one,");
        }
    }

    private static boolean exists() {
        return !addresses().isEmpty();
    }

    /// An IPv4 address of this machine that is not of the loopback; there is one while an object of this class is open.
    public static InetAddress address() {
        return addresses().stream()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow();
    }

    private static List<InetAddress> addresses() {
        List<InetAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (device.isUp() && !device.isLoopback()) {
                    found.addAll(Collections.list(device.getInetAddresses()));
                }
            }
        } catch (SocketException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    private static boolean ip(String arguments) {
        try {
            return new ProcessBuilder(("ip " + arguments).split(" "))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (ours) {
            ip("link delete " + NAME);
        }
    }
}
