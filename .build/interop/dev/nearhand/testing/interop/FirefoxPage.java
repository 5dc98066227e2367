package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A page in a Firefox without a window, driven over WebDriver BiDi.
public final class FirefoxPage extends BrowserProcess {
    private static final String LISTENING = "WebDriver BiDi listening on ";

    private final String context;
    private final String version;

    /// @param folder for its profile; must be empty
    /// @param address of the page
    public FirefoxPage(Path folder, String address) {
        super(firefox(folder), LISTENING, "/session");
        try {
            version = call("session.new", Map.of("capabilities", Map.of()))
                    .path("capabilities")
                    .path("browserVersion")
                    .asText();
            context = call("browsingContext.getTree", Map.of())
                    .path("contexts")
                    .path(0)
                    .path("context")
                    .asText();
            call("browsingContext.navigate", Map.of("context", context, "url", address, "wait", "complete"));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private static ProcessBuilder firefox(Path folder) {
        Path firefox = Requires.tool("firefox-esr", "firefox-esr");
        try {
            // host candidates with addresses; video plays without a click
            Files.writeString(folder.resolve("user.js"), """
                    user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
                    user_pref("media.autoplay.default", 0);
                    user_pref("media.autoplay.blocking_policy", 0);
                    user_pref("datareporting.policy.dataSubmissionEnabled", false);
                    user_pref("app.update.disabledForTesting", true);
                    user_pref("extensions.systemAddon.update.enabled", false);
                    user_pref("media.gmp-manager.updateEnabled", false);
                    user_pref("network.captive-portal-service.enabled", false);
                    user_pref("network.connectivity-service.enabled", false);
                    user_pref("services.settings.server", "data:,");
                    user_pref("browser.shell.checkDefaultBrowser", false);
                    """);
            ProcessBuilder builder = new ProcessBuilder(
                    firefox.toString(),
                    "--headless",
                    "--no-remote",
                    "--profile",
                    folder.toString(),
                    "--remote-debugging-port=0");
            builder.environment().putAll(Map.of("TMPDIR", folder.toString(), "HOME", folder.toString()));
            return builder;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public String evaluate(String expression, boolean limit) {
        JsonNode result = call(
                "script.evaluate",
                Map.of("expression", expression, "target", Map.of("context", context), "awaitPromise", true),
                Map.of(),
                limit);
        if (!result.path("type").asText().equals("success")) {
            throw new IllegalStateException("in the page: " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value").asText();
    }

    @Override
    public String version() {
        return "Firefox/" + version;
    }

    @Override
    String quitMethod() {
        return "browser.close";
    }
}
