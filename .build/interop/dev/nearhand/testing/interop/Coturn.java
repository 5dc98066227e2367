package dev.nearhand.testing.interop;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.net.Namespace;
import dev.nearhand.transport.api.IceServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// coturn's server on an address of this machine, on a port that was free, for as long as a test needs it.
public final class Coturn implements AutoCloseable {
    public static final String USERNAME = "nearhand";
    public static final String CREDENTIAL = "a credential";

    private static final int STANDARD_PORT = 3_478;
    private static final byte[] BINDING_REQUEST = HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");
    private static final int ASK_EVERY_MILLIS = 100;
    private static final int ASK_AT_MOST = 300;

    private final Process process;
    private final Path log;
    private final InetAddress address;
    private final int port;

    private Coturn(Path folder, List<String> command, InetAddress address, int port) {
        this.address = address;
        this.log = folder.resolve("turnserver.log");
        this.port = port;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// On `127.0.0.1`.
    ///
    /// @param folder for its log
    /// @param options beside those that every test needs
    public static Coturn start(Path folder, String... options) {
        return start(folder, InetAddress.ofLiteral("127.0.0.1"), options);
    }

    /// @param folder for its log
    /// @param address where it listens and relays
    /// @param options beside those that every test needs
    public static Coturn start(Path folder, InetAddress address, String... options) {
        int port = freePort(address);
        Coturn server = new Coturn(folder, command(folder, address, port, options), address, port);
        server.awaitAnswer();
        return server;
    }

    /// In a network of its own, on ports that are free there.
    ///
    /// @param folder for its log
    /// @param tlsPort for TLS where the options name a certificate
    public static Coturn start(Path folder, Namespace where, String ip, int tlsPort, String... options) {
        InetAddress address = InetAddress.ofLiteral(ip);
        List<String> command = command(folder, address, STANDARD_PORT, options);
        command.add("--tls-listening-port=" + tlsPort);
        Coturn server = new Coturn(folder, where.command(command), address, STANDARD_PORT);
        server.awaitSocket();
        return server;
    }

    private static List<String> command(Path folder, InetAddress address, int port, String... options) {
        String ip = address.getHostAddress();
        List<String> command = new ArrayList<>(List.of(
                Requires.tool("turnserver", "coturn").toString(),
                "-n",
                "--listening-ip=" + ip,
                "--relay-ip=" + ip,
                "--listening-port=" + port,
                "--allow-loopback-peers",
                "--lt-cred-mech",
                "--user=" + USERNAME + ":" + CREDENTIAL,
                "--realm=nearhand.test",
                "--no-cli",
                "--no-dtls",
                "--relay-threads=1",
                "--log-file=stdout",
                "--pidfile=" + folder.resolve("turnserver.pid"),
                "--userdb=" + folder.resolve("turndb")));
        command.addAll(List.of(options));
        return command;
    }

    /// Free for UDP and TCP a moment ago.
    private static int freePort(InetAddress address) {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0, 1, address)) {
                new DatagramSocket(tcp.getLocalPort(), address).close();
                return tcp.getLocalPort();
            } catch (java.net.BindException taken) {
                continue; // by UDP: another one, then
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private void awaitAnswer() {
        try (DatagramSocket socket = new DatagramSocket(0, address)) {
            socket.setSoTimeout(ASK_EVERY_MILLIS);
            for (int i = 0; i < ASK_AT_MOST && process.isAlive(); i++) {
                try {
                    socket.send(new DatagramPacket(BINDING_REQUEST, BINDING_REQUEST.length, address, port));
                    socket.receive(new DatagramPacket(new byte[1_500], 1_500));
                    return;
                } catch (SocketTimeoutException | java.net.PortUnreachableException notYet) {
                    continue;
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        failedToStart();
    }

    /// Where it cannot be asked from here: until the kernel lists its socket, addresses in the byte order of x86 and
    /// arm.
    private void awaitSocket() {
        Path sockets = Path.of("/proc", String.valueOf(process.pid()), "net/udp");
        byte[] ip = address.getAddress();
        String wanted = "%02X%02X%02X%02X:%04X ".formatted(ip[3], ip[2], ip[1], ip[0], port);
        try {
            for (int i = 0; i < ASK_AT_MOST && process.isAlive(); i++) {
                if (Files.readString(sockets).contains(wanted)) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(ASK_EVERY_MILLIS);
            }
        } catch (IOException gone) {
            failedToStart();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        failedToStart();
    }

    private void failedToStart() {
        close();
        throw new AssertionError("turnserver does not answer:\n" + log());
    }

    private String host() {
        String ip = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + ip + "]" : ip;
    }

    public String stunUrl() {
        return "stun:" + host() + ":" + port;
    }

    public IceServer turn(String transport) {
        return IceServer.turn("turn:" + host() + ":" + port + "?transport=" + transport, USERNAME, CREDENTIAL);
    }

    /// Over TLS, by the address that the certificate is for.
    public IceServer turns() {
        return turns(port);
    }

    public IceServer turns(int tlsPort) {
        return IceServer.turn("turns:" + host() + ":" + tlsPort, USERNAME, CREDENTIAL);
    }

    public String log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /// By its own process, and nothing else; doing it twice is fine.
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
