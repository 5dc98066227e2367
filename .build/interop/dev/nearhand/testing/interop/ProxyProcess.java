package dev.nearhand.testing.interop;

import dev.nearhand.testing.Requires;
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

    private ProxyProcess(List<String> command, String scheme, int port) {
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log = new Log(process.inputReader(StandardCharsets.UTF_8));
        url = scheme + "://127.0.0.1:" + port;
        awaitListening(port);
    }

    /// @param folder for its configuration
    public static ProxyProcess http(Path folder) {
        int port = freePort();
        Path configuration = folder.resolve("tinyproxy.conf");
        try {
            Files.writeString(configuration, """
                    Port %d
                    Listen 127.0.0.1
                    Allow 127.0.0.1
                    LogLevel Connect
                    BasicAuth %s %s
                    """.formatted(port, USERNAME, PASSWORD));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new ProxyProcess(
                List.of(Requires.tool("tinyproxy", "tinyproxy").toString(), "-d", "-c", configuration.toString()),
                "http",
                port);
    }

    public static ProxyProcess socks5() {
        int port = freePort();
        return new ProxyProcess(
                List.of(
                        Requires.tool("microsocks", "microsocks").toString(),
                        "-i",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "-u",
                        USERNAME,
                        "-P",
                        PASSWORD),
                "socks5",
                port);
    }

    /// Free a moment ago.
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void awaitListening(int port) {
        for (int look = 0; look < LOOKS && process.isAlive(); look++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(HERE, port));
                return;
            } catch (IOException notYet) {
                pause();
            }
        }
        close();
        throw new AssertionError("the proxy does not listen:\n" + log.text());
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
        Log.end(process);
    }
}
