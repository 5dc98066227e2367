package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.testing.Requires;
import java.nio.file.Path;
import java.util.Map;

/// A page in a Chromium without a window, driven over the DevTools protocol.
public final class ChromiumPage extends BrowserProcess {
    private static final String LISTENING = "DevTools listening on ";

    private final String session;

    /// @param folder for its profile; must be empty
    /// @param address of the page
    public ChromiumPage(Path folder, String address) {
        this(folder, address, false);
    }

    /// @param named whether it tells names of the local link instead of addresses, and looks up those of others
    ChromiumPage(Path folder, String address, boolean named) {
        super(chromium(folder, named), LISTENING, "");
        try {
            String target = call("Target.createTarget", Map.of("url", address))
                    .get("targetId")
                    .asText();
            session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .get("sessionId")
                    .asText();
            awaitLoaded(address);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static ProcessBuilder chromium(Path folder, boolean named) {
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
        return builder;
    }

    private void awaitLoaded(String address) {
        long deadline = System.nanoTime() + ForeignPeer.PATIENCE.toNanos();
        while (!evaluate("document.readyState + ' ' + location.href", true).startsWith("complete " + address)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the page does not load");
            }
        }
    }

    @Override
    public String evaluate(String expression, boolean limit) {
        JsonNode result = call(
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
    String quitMethod() {
        return "Browser.close";
    }
}
