package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole path from the outside: host and viewer are processes of their own on two X servers, and only what a person
/// could see or do there is looked at or done.
class SeeAndSteerTest {
    private static final Duration STARTS = Duration.ofSeconds(40);
    /// For what a person does to have its effect, where no limit is part of what is proved.
    private static final Duration ARRIVES = Duration.ofSeconds(30);
    private static final String TEXT = "Grüße, 漢字 😀 ~^";

    /// Room around the picture in the viewer's display for the window's bars.
    private static final int BARS_X = 24;

    private static final int BARS_Y = 130;

    @TempDir
    Path files;

    private Desks desks;

    /// What one test runs; closed backwards.
    private record Desks(Xvfb host, Xvfb viewer, NearhandProcess share, NearhandProcess view) {}

    @BeforeEach
    void toolsAreThere() {
        Requires.tool("xdotool", "xdotool");
        Requires.tool("xterm", "xterm");
        Requires.tool("xwd", "x11-apps");
        Requires.tool("xinput", "xinput");
    }

    @AfterEach
    void end() {
        if (desks != null) {
            desks.view().close();
            desks.share().close();
            desks.viewer().close();
            desks.host().close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1280, 720", "1920, 1080", "1367, 769"})
    void theViewersPixelsAreTheHostsAfterTwoSecondsOfStillness(int width, int height) {
        desks = connect(width, height);
        Path note = files.resolve("typed.txt");
        openTerminal(note);
        try (NearhandProcess window = NearhandProcess.start(desks.host().display())) {
            awaitWindow(desks.host(), "Nearhand");
            desks.viewer().run("xdotool", "mousemove", "200", "200");
            awaitStillness();
            assertThat(alike()).as(() -> saved("not alike")).isGreaterThanOrEqualTo(38);
            assertThat(window.isAlive()).isTrue();
        }
    }

    @Test
    void clicksWheelDragAndTextArriveInTheHostsProgramsExactly() {
        desks = connect(1280, 720);
        Path note = files.resolve("typed.txt");
        openTerminal(note);
        Path events = files.resolve("events.txt");
        desks.host().start("sh", "-c", "exec xev -geometry 300x300+850+50 > " + events);
        awaitWindow(desks.host(), "Event Tester");
        ScreenPicture.Place place = awaitPlace();

        pointTo(place, 1000, 200);
        xdotool("click", "1");
        awaitEvents(events, "ButtonPress event[^B]*?button 1,");
        xdotool("click", "5");
        awaitEvents(events, "button 5,");
        xdotool("click", "4");
        awaitEvents(events, "button 4,");
        pointTo(place, 900, 150);
        xdotool("mousedown", "1");
        pointTo(place, 1050, 250);
        awaitEvents(events, "MotionNotify event(?s).*?root:\\(1050,250\\)");
        xdotool("mouseup", "1");
        awaitEvents(events, "ButtonRelease event(?s)[^B]*?root:\\(1050,250\\),\\s+state 0x1[0-9a-f]{2}, button 1,");

        pointTo(place, 200, 200);
        xdotool("click", "1");
        // xdotool lends a keycode to a character that has no key and takes it back: a busy viewer has to have read it
        // by then, and was seen to need more than 300 ms
        TEXT.codePoints()
                .forEach(each -> xdotool("type", "--delay", each < 128 ? "50" : "2000", Character.toString(each)));
        xdotool("key", "Return");
        Await.until(ARRIVES, () -> "the terminal has " + read(note) + " instead of " + TEXT, () -> read(note)
                .endsWith("\n"));
        assertThat(read(note)).isEqualTo(TEXT + "\n");
        Await.until(ARRIVES, this::heldKeys, () -> heldKeys().isEmpty());
    }

    @Test
    void aNewSizeOfTheHostsScreenIsSeenWithinASecond() {
        desks = connect(1280, 720);
        openTerminal(files.resolve("typed.txt"));
        awaitPlace();
        chooseOneToOne();

        ScreenPicture before = ScreenPicture.of(desks.viewer());
        desks.host().resize(1024, 600);
        Await.until(Duration.ofSeconds(1), () -> saved("the old picture stays"), () -> hasChanged(before));
        Await.until(Duration.ofSeconds(15), () -> saved("never alike"), () -> alike() >= 38);
    }

    @Test
    void aViewerKilledWithShiftDownLeavesNoKeyDownOnTheHost() {
        desks = connect(1280, 720);
        openTerminal(files.resolve("typed.txt"));
        ScreenPicture.Place place = awaitPlace();
        pointTo(place, 200, 200);
        xdotool("click", "1");
        xdotool("keydown", "Shift_L");
        Await.until(ARRIVES, () -> "Shift never went down on the host", () -> !heldKeys()
                .isEmpty());

        desks.view().kill();
        Await.until(Duration.ofSeconds(1), () -> "still held: " + heldKeys(), () -> heldKeys()
                .isEmpty());
        xdotool("keyup", "Shift_L");
    }

    private Desks connect(int width, int height) {
        Xvfb host = Xvfb.start(width, height);
        Xvfb viewer = Xvfb.start(width + BARS_X, height + BARS_Y);
        NearhandProcess share = NearhandProcess.start(
                host.display(), "share", "--port", "0", "--bind", "127.0.0.1", "--yes", "--source", "x11");
        String address = share.await("(\\S+:\\d+)", STARTS).group(1);
        String code = share.await("(\\d{3} \\d{3} \\d{3})", STARTS).group(1);
        NearhandProcess view = NearhandProcess.start(viewer.display(), "view", address, code.replace(" ", ""));
        Desks connected = new Desks(host, viewer, share, view);
        try {
            awaitWindow(viewer, "Nearhand");
            viewer.run("xdotool", "mousemove", "200", "200");
        } catch (RuntimeException | AssertionError failure) {
            desks = connected;
            throw new AssertionError("host: " + share.output() + "\nviewer: " + view.output(), failure);
        }
        return connected;
    }

    private void openTerminal(Path note) {
        desks.host()
                .start(
                        "env",
                        "LC_ALL=C.UTF-8",
                        "xterm",
                        "-u8",
                        "-geometry",
                        "80x20+20+60",
                        "-e",
                        "sh",
                        "-c",
                        "ls /etc | head -40; cat > " + note);
        awaitWindow(desks.host(), "xterm|sh");
        desks.host().run("xdotool", "mousemove", "200", "200");
    }

    private static void awaitWindow(Xvfb display, String name) {
        Await.until(STARTS, () -> "no window called " + name, () -> {
            try {
                return !display.run("xdotool", "search", "--onlyvisible", "--name", name)
                        .isBlank();
            } catch (IllegalStateException _) {
                return false;
            }
        });
    }

    /// Until nothing has changed on the host's screen for two seconds.
    private void awaitStillness() {
        ScreenPicture[] last = {ScreenPicture.of(desks.host())};
        long[] since = {System.nanoTime()};
        Await.until(Duration.ofSeconds(30), () -> "the host's screen never is still", () -> {
            ScreenPicture now = ScreenPicture.of(desks.host());
            if (!Arrays.equals(now.rgb(), last[0].rgb())) {
                last[0] = now;
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] >= 2_000_000_000L;
        });
    }

    private ScreenPicture.Place place() {
        return ScreenPicture.of(desks.viewer()).find(ScreenPicture.of(desks.host()));
    }

    private double alike() {
        return place().psnr();
    }

    private ScreenPicture.Place awaitPlace() {
        Await.until(Duration.ofSeconds(20), () -> saved("the picture is not there"), () -> alike() >= 30);
        return place();
    }

    /// The switch lies so far from the right edge of the window, in its bar.
    private void chooseOneToOne() {
        String geometry = desks.viewer()
                .run("xdotool", "search", "--onlyvisible", "--name", "Nearhand", "getwindowgeometry", "--shell");
        int x = number(geometry, "X") + number(geometry, "WIDTH") - 432;
        int y = number(geometry, "Y") + 24;
        xdotool("mousemove", String.valueOf(x), String.valueOf(y), "click", "1");
        xdotool("mousemove", "200", "200");
    }

    private static int number(String geometry, String name) {
        Matcher value =
                Pattern.compile("^" + name + "=(-?\\d+)$", Pattern.MULTILINE).matcher(geometry);
        assertThat(value.find()).isTrue();
        return Integer.parseInt(value.group(1));
    }

    /// Whether the picture has been replaced: more than a window's border of it is another one.
    private boolean hasChanged(ScreenPicture before) {
        return desks.view().isAlive() && ScreenPicture.of(desks.viewer()).psnr(before, 0, 0) < 20;
    }

    private void pointTo(ScreenPicture.Place place, int x, int y) {
        xdotool("mousemove", "--sync", String.valueOf(place.x() + x), String.valueOf(place.y() + y));
    }

    private void xdotool(String... arguments) {
        desks.viewer()
                .run(java.util.stream.Stream.concat(java.util.stream.Stream.of("xdotool"), List.of(arguments).stream())
                        .toArray(String[]::new));
    }

    private static void awaitEvents(Path log, String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        Await.until(ARRIVES, () -> "no " + pattern + " in " + read(log), () -> wanted.matcher(read(log))
                .find());
    }

    /// The keys that the host's X server holds down, as `xinput` lists them.
    private String heldKeys() {
        String state = desks.host().run("xinput", "query-state", "Virtual core XTEST keyboard");
        Matcher down = Pattern.compile("key\\[\\d+]=down").matcher(state);
        StringBuilder held = new StringBuilder();
        while (down.find()) {
            held.append(down.group()).append(' ');
        }
        return held.toString();
    }

    private String saved(String what) {
        File folder = new File(System.getProperty("nearhand.target", "target"), "e2e");
        folder.mkdirs();
        ScreenPicture.of(desks.host()).write(new File(folder, "host.png"));
        ScreenPicture.of(desks.viewer()).write(new File(folder, "viewer.png"));
        return what + " (alike " + alike() + " dB); host: " + desks.share().output() + " viewer: "
                + desks.view().output();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
