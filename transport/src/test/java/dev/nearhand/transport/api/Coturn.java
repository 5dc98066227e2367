package dev.nearhand.transport.api;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
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

/// coturn's server on loopback, on a port that was free, for as long as a test needs it.
final class Coturn implements AutoCloseable {
    static final String USERNAME = "nearhand";
    static final String CREDENTIAL = "a credential";

    private static final byte[] BINDING_REQUEST = HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");
    private static final int ASK_EVERY_MILLIS = 100;
    private static final int ASK_AT_MOST = 300;

    private final Process process;
    private final Path log;
    private final int port;

    private Coturn(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /// @param folder for its log
    /// @param options beside those that every test needs
    static Coturn start(Path folder, String... options) {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Requires.tool("turnserver", "coturn").toString(),
                "-n",
                "--listening-ip=127.0.0.1",
                "--relay-ip=127.0.0.1",
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
        try {
            Path log = folder.resolve("turnserver.log");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Coturn server = new Coturn(process, log, port);
            server.awaitAnswer();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Free for UDP and TCP a moment ago.
    static int freePort() {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress()).close();
                return tcp.getLocalPort();
            } catch (java.net.BindException taken) {
                continue; // by UDP: another one, then
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private void awaitAnswer() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(ASK_EVERY_MILLIS);
            for (int i = 0; i < ASK_AT_MOST; i++) {
                try {
                    socket.send(new DatagramPacket(
                            BINDING_REQUEST, BINDING_REQUEST.length, InetAddress.getLoopbackAddress(), port));
                    socket.receive(new DatagramPacket(new byte[1_500], 1_500));
                    return;
                } catch (SocketTimeoutException | java.net.PortUnreachableException notYet) {
                    if (!process.isAlive()) {
                        break;
                    }
                }
            }
        }
        close();
        throw new AssertionError("turnserver does not answer:\n" + log());
    }

    String stunUrl() {
        return "stun:127.0.0.1:" + port;
    }

    IceServer turn(String transport) {
        return IceServer.turn("turn:127.0.0.1:" + port + "?transport=" + transport, USERNAME, CREDENTIAL);
    }

    /// Over TLS, by the address that the certificate is for.
    IceServer turns() {
        return IceServer.turn("turns:127.0.0.1:" + port, USERNAME, CREDENTIAL);
    }

    String log() {
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
    void stop() {
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
