package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A page in a Chromium without a window, driven over the DevTools protocol.
public final class ChromiumPage implements BrowserPage {
    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final Log log;
    private final PageSocket socket;
    private final String session;

    /// @param folder for its profile; must be empty
    /// @param address of the page
    public ChromiumPage(Path folder, String address) {
        this(folder, address, false);
    }

    /// @param named whether it tells names of the local link instead of addresses, and looks up those of others
    ChromiumPage(Path folder, String address, boolean named) {
        Path chromium = Requires.tool("chromium", "chromium");
        ProcessBuilder builder = new ProcessBuilder(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--autoplay-policy=no-user-gesture-required",
                // host candidates with addresses: most programs here resolve no .local names
                (named ? "--enable-features=" : "--disable-features=") + "WebRtcHideLocalIpsWithMdns",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank");
        // its lock socket lies there; a test leaves nothing behind
        builder.environment().put("TMPDIR", folder.toString());
        try {
            process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log = new Log(process.errorReader(StandardCharsets.UTF_8), line -> line.startsWith(LISTENING));
        try {
            socket =
                    new PageSocket(URI.create(PageSocket.await(log.wantedLine()).substring(LISTENING.length())));
            String target = call("Target.createTarget", Map.of("url", address))
                    .get("targetId")
                    .asText();
            session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .get("sessionId")
                    .asText();
            awaitLoaded(address);
        } catch (RuntimeException failure) {
            Log.end(process);
            throw failure;
        }
    }

    private void awaitLoaded(String address) {
        long deadline = System.nanoTime() + ForeignPeer.PATIENCE.toNanos();
        while (!evaluate("document.readyState + ' ' + location.href", true).startsWith("complete " + address)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the page does not load");
            }
        }
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        return socket.call(method, parameters, Map.of(), true);
    }

    @Override
    public String evaluate(String expression, boolean limit) {
        JsonNode result = socket.call(
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true),
                Map.of("sessionId", session),
                limit);
        if (result.hasNonNull("exceptionDetails")) {
            throw new IllegalStateException("in the page: " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value").asText();
    }

    @Override
    public String version() {
        return call("Browser.getVersion", Map.of()).path("product").asText();
    }

    @Override
    public String log() {
        return log.text();
    }

    @Override
    public void close() {
        try {
            call("Browser.close", Map.of());
            process.waitFor(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (RuntimeException gone) {
            // it ends below in any case
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        Log.end(process);
        socket.close();
    }
}
