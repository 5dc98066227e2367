package dev.nearhand.app.connect;

import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.signaling.HostAddress;
import dev.nearhand.app.signaling.RendezvousAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// How to share this screen.
///
/// @param port TCP, 0 takes any free one
/// @param bind local addresses for everything, signaling and connection; empty means all
/// @param config what each session starts with; whether the viewer may steer also needs the answer of the person
/// @param rendezvous where viewers from other networks find this machine
public record ShareOptions(
        int port, List<InetAddress> bind, HostConfig config, IceSettings ice, Optional<RendezvousAddress> rendezvous) {
    /// Where viewers look when an address has no port. When it is taken already, a share takes any free one.
    public static final int DEFAULT_PORT = HostAddress.DEFAULT_PORT;

    public ShareOptions {
        bind = List.copyOf(bind);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
        }
    }

    /// Within one network, without servers.
    public ShareOptions(int port, List<InetAddress> bind, HostConfig config) {
        this(port, bind, config, IceSettings.none(), Optional.empty());
    }
}
