package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.cli.ExitCode;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Consent as the person at the screen meets it: the real home window on an X server without a window manager, asked
/// by a viewer that is a process of its own. The pointer stays on the button that started the share.
class ConsentTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String BAR = "this screen is shared";

    /// The home window's corner, and places in it.
    private static final int HOME = 20;

    private static final int[] SHARE_BUTTON = {280, 400};
    private static final int[] COPY_ADDRESS = {450, 227};
    private static final int[] COPY_CODE = {450, 288};

    @TempDir
    Path files;

    private Xvfb display;
    private NearhandProcess home;

    @BeforeEach
    void theHomeWindowIsOpen() {
        Requires.tool("xdotool", "xdotool");
        Requires.tool("xterm", "xterm");
        Requires.tool("xwd", "x11-apps");
        display = Xvfb.start(1280, 800);
        home = NearhandProcess.start(display.display());
        awaitWindow("^Nearhand$");
        xdotool("search", "--name", "^Nearhand$", "windowmove", "--sync", "" + HOME, "" + HOME);
        Await.until(LIMIT, () -> "the home window is not painted", () -> isPainted(HOME, HOME, 900, 500));
    }

    @AfterEach
    void end() {
        home.close();
        display.close();
    }

    @Test
    void theQuestionIsPaintedAtOnceAndAllowingShowsThePictureUntilTheBarStopsIt() {
        try (NearhandProcess viewer = viewerAsks()) {
            // from the refusal, which has the focus, over the view to the control
            xdotool("key", "Tab", "key", "Tab", "key", "space");
            viewer.await("1280×800", LIMIT);

            awaitWindow(BAR);
            int[] bar = place(BAR);
            Await.until(LIMIT, () -> "the bar is not painted", () -> isPainted(bar[0], bar[1], bar[2], bar[3]));
            click(bar[0] + bar[2] - 60, bar[1] + bar[3] / 2);
            viewer.await("stopped sharing", LIMIT);
            assertThat(viewer.awaitExit(LIMIT)).isEqualTo(1);
            Await.until(LIMIT, () -> "the bar stays", () -> !hasWindow(BAR));
        }
    }

    @Test
    void aRefusalIsToldToTheViewerInASentence() {
        try (NearhandProcess viewer = viewerAsks()) {
            xdotool("key", "Escape");
            viewer.await("(?i)(refused|not allow|did not)", LIMIT);
            assertThat(viewer.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(hasWindow(BAR)).isFalse();
        }
    }

    @Test
    void aDisplayThatDiesDuringASessionEndsItForBoth() {
        try (NearhandProcess viewer = viewerAsks()) {
            xdotool("key", "Tab", "key", "Tab", "key", "space");
            viewer.await("1280×800", LIMIT);

            display.kill();

            home.await("connection to the X display is lost", LIMIT);
            assertThat(home.awaitExit(LIMIT)).isEqualTo(ExitCode.DISPLAY_LOST);
            assertThat(viewer.awaitExit(LIMIT)).isEqualTo(1);
        }
    }

    /// Shares the screen and has a viewer ask to see it; returns when the question can be read.
    private NearhandProcess viewerAsks() {
        click(SHARE_BUTTON);
        Path note = files.resolve("note.txt");
        display.start(
                "xterm",
                "-geometry",
                "40x10+980+600",
                "-xrm",
                "*VT100.Translations: #override <Btn2Up>: insert-selection(CLIPBOARD)",
                "-e",
                "sh",
                "-c",
                "stty -icanon; cat >> " + note);
        awaitWindow("xterm|sh");
        String address = copied(COPY_ADDRESS, note, "\\S+:\\d+");
        String loopback = "127.0.0.1" + address.substring(address.lastIndexOf(':'));
        String code = copied(COPY_CODE, note, "\\d{3} ?\\d{3} ?\\d{3}");
        click(SHARE_BUTTON[0], SHARE_BUTTON[1] + 100);
        int[] corner = {ScreenPicture.of(display).rgb()[at(HOME + 10, HOME + 10)]};

        NearhandProcess viewer = NearhandProcess.start(
                display.display(),
                "view",
                loopback,
                code.replace(" ", ""),
                "--after",
                "90s",
                "--stats",
                "--snapshot",
                files.resolve("picture.png").toString());
        viewer.await("Waiting for the person", LIMIT);
        Await.until(
                LIMIT,
                () -> "no question in the home window",
                () -> ScreenPicture.of(display).rgb()[at(HOME + 10, HOME + 10)] != corner[0]
                        && isPainted(260, 180, 460, 220));
        return viewer;
    }

    /// What a copy button has put into the clipboard, as a terminal receives it: twice the same, so that it is whole.
    private String copied(int[] button, Path note, String pattern) {
        String[] last = {""};
        Await.until(LIMIT, () -> "the clipboard never had " + pattern + " but " + read(note), () -> {
            click(button);
            write(note, "");
            xdotool("mousemove", "--sync", "1050", "650", "click", "2");
            String before = last[0];
            last[0] = read(note);
            return last[0].matches(pattern) && last[0].equals(before);
        });
        return last[0];
    }

    /// Whether there is more than a ground in this part of the screen: letters have many shades, and black is not
    /// what our windows consist of.
    private boolean isPainted(int x, int y, int width, int height) {
        int[] rgb = ScreenPicture.of(display).rgb();
        int[] part = IntStream.range(0, width * height)
                .map(i -> rgb[at(x + i % width, y + i / width)])
                .toArray();
        long black = IntStream.of(part).filter(pixel -> pixel == 0).count();
        return black < part.length / 10 && IntStream.of(part).distinct().count() > 30;
    }

    private static int at(int x, int y) {
        return y * 1280 + x;
    }

    private int[] place(String window) {
        String geometry = xdotool("search", "--onlyvisible", "--name", window, "getwindowgeometry", "--shell");
        return Stream.of("X", "Y", "WIDTH", "HEIGHT")
                .mapToInt(name -> {
                    Matcher value =
                            Pattern.compile("(?m)^" + name + "=(-?\\d+)$").matcher(geometry);
                    assertThat(value.find()).isTrue();
                    return Integer.parseInt(value.group(1));
                })
                .toArray();
    }

    private void awaitWindow(String name) {
        Await.until(LIMIT, () -> "no window called " + name + "; " + home.output(), () -> hasWindow(name));
    }

    private boolean hasWindow(String name) {
        try {
            return !xdotool("search", "--onlyvisible", "--name", name).isBlank();
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private void click(int... place) {
        xdotool("mousemove", "--sync", "" + place[0], "" + place[1], "click", "1");
    }

    private String xdotool(String... arguments) {
        return display.run(
                Stream.concat(Stream.of("xdotool"), List.of(arguments).stream()).toArray(String[]::new));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
