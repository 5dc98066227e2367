package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.cli.ExitCode;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;

/// The X server dies while a window of the program is open on it.
class DisplayLossTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void theHomeWindowEndsWithASentenceAndItsCode() {
        Requires.tool("xdotool", "xdotool");
        try (Xvfb display = Xvfb.start(1280, 800);
                NearhandProcess home = NearhandProcess.start(display.display())) {
            awaitWindow(display, home, "^Nearhand$");

            display.kill();

            assertEndsWithASentence(home);
        }
    }

    @Test
    void theViewerWindowEndsAndItsHostGoesOn() {
        Requires.tool("xdotool", "xdotool");
        try (Xvfb shared = Xvfb.start(640, 480);
                Xvfb display = Xvfb.start(1280, 800);
                NearhandProcess host = NearhandProcess.start(shared.display(), "share", "--port", "0", "--yes")) {
            String address = host.await("^Address: (\\S+:\\d+)", LIMIT).group(1);
            Matcher code = host.await("(\\d{3}) (\\d{3}) (\\d{3})", LIMIT);
            try (NearhandProcess viewer = NearhandProcess.start(
                    display.display(),
                    "view",
                    "127.0.0.1" + address.substring(address.lastIndexOf(':')),
                    code.group(1) + code.group(2) + code.group(3))) {
                host.await("(?i)(sees|connected|live)", LIMIT);
                // the window is called so when the host has said its name: goodbyes can be sent from then on
                awaitWindow(display, viewer, "^" + System.getProperty("user.name") + " ");

                display.kill();

                assertEndsWithASentence(viewer);
                host.await("(?i)disconnected", LIMIT);
                assertThat(host.isAlive()).isTrue();
            }
        }
    }

    private static void assertEndsWithASentence(NearhandProcess program) {
        program.await("connection to the X display is lost.*start it again", LIMIT);
        assertThat(program.awaitExit(LIMIT)).isEqualTo(ExitCode.DISPLAY_LOST);
        List<String> output = program.output();
        assertThat(output).filteredOn(line -> line.contains("lost")).hasSize(1);
    }

    private static void awaitWindow(Xvfb display, NearhandProcess program, String name) {
        Await.until(LIMIT, () -> "no window called " + name + "; " + program.output(), () -> {
            try {
                return !display.run("xdotool", "search", "--onlyvisible", "--name", name)
                        .isBlank();
            } catch (IllegalStateException _) {
                return false;
            }
        });
    }
}
