package dev.nearhand.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.nearhand.testing.interop.BrowserPage;
import dev.nearhand.testing.interop.ChromiumPage;
import dev.nearhand.testing.interop.FirefoxPage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// A browser as a peer: passes lines between its own standard input and output and page.js in a page. The page comes by
/// HTTP, because `about:blank` is no place in which a browser calculates hashes.
final class BrowserPeer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] PAGE = "<!doctype html><title>peer</title>".getBytes(StandardCharsets.UTF_8);

    private BrowserPeer() {}

    /// @param arguments chromium or firefox, and the folder of the scripts
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean isFirefox = arguments[0].equals("firefox");
        Path scripts = Path.of(arguments[1]);
        Path profile = Files.createTempDirectory("nearhand-bench-" + arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, PAGE.length);
            exchange.getResponseBody().write(PAGE);
            exchange.close();
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        try (BrowserPage page = isFirefox ? new FirefoxPage(profile, address) : new ChromiumPage(profile, address)) {
            page.evaluate("globalThis.peerName = '" + arguments[0] + "'", true);
            page.evaluate("globalThis.peerVersion = '" + page.version() + "'", true);
            page.evaluate(Files.readString(scripts.resolve("peer.js")) + "''", true);
            page.evaluate(Files.readString(scripts.resolve("page.js")) + "''", true);
            CountDownLatch ended = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> write(page, ended));
            Thread.ofPlatform().daemon().start(() -> read(page, ended));
            ended.await();
        } finally {
            server.stop(0);
            delete(profile);
        }
        System.exit(0);
    }

    private static void write(BrowserPage page, CountDownLatch ended) {
        try {
            while (true) {
                for (JsonNode line : JSON.readTree(page.evaluate("next()", false))) {
                    IO.println(line.asText());
                }
            }
        } catch (IOException | RuntimeException gone) {
            ended.countDown();
        }
    }

    private static void read(BrowserPage page, CountDownLatch ended) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                page.evaluate("void peer(" + JSON.writeValueAsString(line) + ")", true);
            }
        } catch (IOException | RuntimeException gone) {
            // told by the end
        }
        ended.countDown();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
