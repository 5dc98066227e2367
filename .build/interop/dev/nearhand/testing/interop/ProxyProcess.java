package dev.nearhand.testing.interop;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.net.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A proxy of somebody else's on the loopback, for as long as a test needs it: tinyproxy for HTTP, microsocks for
/// SOCKS 5.
public final class ProxyProcess implements AutoCloseable {
    public static final String USERNAME = "nearhand";
    public static final String PASSWORD = "letmeout";

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int LOOKS = 100;

    private final Process process;
    private final Log log;
    private final String url;

    private ProxyProcess(List<String> command, String url) {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log = new Log(process.inputReader(StandardCharsets.UTF_8));
        this.url = url;
    }

    /// @param folder for its configuration
    public static ProxyProcess http(Path folder) {
        return start("http", folder);
    }

    public static ProxyProcess socks5() {
        return start("socks5", Path.of(""));
    }

    private static ProxyProcess start(String kind, Path folder) {
        int port = freePort();
        String ip = HERE.getHostAddress();
        ProxyProcess made = new ProxyProcess(command(kind, folder, ip, port), url(kind, ip, port));
        made.awaitThat(() -> accepts(port));
        return made;
    }

    /// In a network of its own, on a port that is free there.
    ///
    /// @param kind `http` or `socks5`
    /// @param folder for its configuration
    public static ProxyProcess start(String kind, Path folder, Namespace where, String ip, int port) {
        ProxyProcess made = new ProxyProcess(where.command(command(kind, folder, ip, port)), url(kind, ip, port));
        made.awaitThat(() -> made.listens(port));
        return made;
    }

    private static String url(String kind, String ip, int port) {
        return kind + "://" + ip + ":" + port;
    }

    private static List<String> command(String kind, Path folder, String ip, int port) {
        return switch (kind) {
            case "http" -> tinyproxy(folder, ip, port);
            case "socks5" ->
                List.of(
                        Requires.tool("microsocks", "microsocks").toString(),
                        "-i",
                        ip,
                        "-p",
                        String.valueOf(port),
                        "-u",
                        USERNAME,
                        "-P",
                        PASSWORD);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static List<String> tinyproxy(Path folder, String ip, int port) {
        Path configuration = folder.resolve("tinyproxy.conf");
        try {
            Files.writeString(configuration, """
                    Port %d
                    Listen %s
                    LogLevel Connect
                    BasicAuth %s %s
                    """.formatted(port, ip, USERNAME, PASSWORD));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return List.of(Requires.tool("tinyproxy", "tinyproxy").toString(), "-d", "-c", configuration.toString());
    }

    /// Free a moment ago.
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void awaitThat(BooleanSupplier isThere) {
        for (int look = 0; look < LOOKS && process.isAlive(); look++) {
            if (isThere.getAsBoolean()) {
                return;
            }
            pause();
        }
        close();
        throw new AssertionError("the proxy does not listen:\n" + log.text());
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HERE, port));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// Where it cannot be asked from here: whether the kernel of its network lists the socket.
    private boolean listens(int port) {
        Path sockets = Path.of("/proc", String.valueOf(process.pid()), "net/tcp");
        try {
            return Files.readString(sockets).contains(":%04X 00000000:0000 0A".formatted(port));
        } catch (IOException gone) {
            return false;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100); // between two looks
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    public String url() {
        return url;
    }

    public String log() {
        return log.text();
    }

    @Override
    public void close() {
        stop();
    }

    /// Doing it twice is fine.
    public void stop() {
        Log.end(process);
    }
}
