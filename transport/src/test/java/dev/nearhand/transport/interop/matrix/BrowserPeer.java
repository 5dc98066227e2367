package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.nearhand.testing.interop.BrowserPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/// A driver that runs in the page of a browser. The page comes from this machine by HTTP, because `about:blank` is no
/// place in which a browser calculates hashes.
final class BrowserPeer extends Peer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] PAGE = "<!doctype html><title>peer</title>".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final BrowserPage page;

    /// @param open opens an address in a browser
    BrowserPeer(Path drivers, Function<String, BrowserPage> open) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, PAGE.length);
            exchange.getResponseBody().write(PAGE);
            exchange.close();
        });
        server.start();
        try {
            page = open.apply("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        } catch (RuntimeException failure) {
            server.stop(0);
            throw failure;
        }
        try {
            page.evaluate(Files.readString(drivers.resolve("peer.js")) + "''", true);
            page.evaluate(Files.readString(drivers.resolve("browser.js")) + "''", true);
        } catch (IOException failure) {
            close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
        Thread.ofVirtual().start(this::read);
    }

    String version() {
        return page.version();
    }

    private void read() {
        try {
            while (true) {
                for (JsonNode line : JSON.readTree(page.evaluate("next()", false))) {
                    received(line.asText());
                }
            }
        } catch (IOException | RuntimeException gone) {
            ended("the browser has ended");
        }
    }

    @Override
    void write(String line) {
        try {
            page.evaluate("void peer(" + JSON.writeValueAsString(line) + ")", true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    String log() {
        return page.log();
    }

    @Override
    public final void close() {
        page.close();
        server.stop(0);
    }
}
