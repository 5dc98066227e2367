package dev.nearhand.capture.input.x11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.x11.FakeInput;
import dev.nearhand.capture.x11.KeyboardMap;
import dev.nearhand.capture.x11.X11Display;
import dev.nearhand.capture.x11.X11Listener;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class X11InjectorTest {
    private static final String GREETING = "Grüße, 漢字 😀 ~^";

    @TempDir
    private Path folder;

    @Test
    void textArrivesInATerminalExactly() throws IOException {
        try (Xvfb xvfb = Xvfb.start(800, 600);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            Path typed = terminal(xvfb, injector);
            injector.inject(new InputEvent.Text(GREETING + "\n\t\"€\"\r\n"));
            awaitContent(typed, GREETING + "\n\t\"€\"\n");
        }
    }

    /// Fewer at once than there are spare keycodes, and the next when the terminal has those: on a busy machine no
    /// pause is long enough for it to have read the map. The pause that there is has a test of its own.
    @Test
    void fourHundredDifferentCharactersArriveInOrder() throws IOException {
        try (Xvfb xvfb = Xvfb.start(800, 600);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            Path typed = terminal(xvfb, injector);
            int[] characters = fourHundredCharacters().codePoints().toArray();
            for (int from = 0; from < characters.length; from += 16) {
                int count = Math.min(16, characters.length - from);
                injector.inject(new InputEvent.Text(new String(characters, from, count)));
                awaitContent(typed, new String(characters, 0, from + count));
            }
        }
    }

    @Test
    void textArrivesExactlyWhateverKeysAreHeld() throws IOException {
        try (Xvfb xvfb = Xvfb.start(800, 600);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            Path typed = terminal(xvfb, injector);
            StringBuilder expected = new StringBuilder();
            for (String held : List.of("ShiftLeft", "ShiftRight", "ControlLeft", "AltRight", "KeyG")) {
                injector.inject(new InputEvent.Key(held, true));
                injector.inject(new InputEvent.Text(GREETING + "gG\n"));
                injector.inject(new InputEvent.Key(held, false));
                expected.append(held.equals("KeyG") ? "g" : "").append(GREETING).append("gG\n");
            }
            tap(injector, "CapsLock");
            injector.inject(new InputEvent.Text("aBç漢é\n"));
            tap(injector, "KeyA");
            tap(injector, "CapsLock");
            tap(injector, "KeyA");
            tap(injector, "Enter");
            awaitContent(typed, expected + "aBç漢é\nAa\n");
        }
    }

    @Test
    void theModifierIsStillHeldAfterTheText() {
        try (Xvfb xvfb = Xvfb.start(64, 64);
                X11Display observer = X11Display.open(xvfb.display());
                InputInjector injector = X11Injector.open(xvfb.display())) {
            FakeInput keys = new FakeInput(observer);
            injector.inject(new InputEvent.Key("ShiftLeft", true));
            injector.inject(new InputEvent.Text("ab漢"));
            assertThat(keys.isDown(50)).isTrue();
            assertThat(keys.keysDown()).isEqualTo(1);
            assertThat(injector.held()).containsExactly(new InputEvent.Key("ShiftLeft", true));
        }
    }

    @Test
    void everyButtonAndBothAxesOfTheWheelArrive() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Listener listener = new X11Listener(xvfb.display(), 640, 480);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            injector.inject(new InputEvent.PointerMove(320, 200));
            assertThat(listener.events()).contains("move 320,200");
            for (int button = 1; button <= 5; button++) {
                injector.inject(new InputEvent.PointerButton(button, true));
                injector.inject(new InputEvent.PointerButton(button, false));
            }
            assertThat(listener.events()).containsExactlyElementsOf(clicks(1, 2, 3, 8, 9));

            injector.inject(new InputEvent.Wheel(0, -2));
            injector.inject(new InputEvent.Wheel(0, 1));
            injector.inject(new InputEvent.Wheel(-1, 0));
            injector.inject(new InputEvent.Wheel(1, 0));
            assertThat(listener.events()).containsExactlyElementsOf(clicks(4, 4, 5, 6, 7));

            injector.inject(new InputEvent.Wheel(0.25, 0.5));
            injector.inject(new InputEvent.Wheel(0.25, 0.25));
            assertThat(listener.events()).isEmpty();
            injector.inject(new InputEvent.Wheel(0.25, 0.5));
            assertThat(listener.events()).containsExactlyElementsOf(clicks(5));
        }
    }

    @Test
    void aDragKeepsItsOrderAndThePointerStaysOnTheScreen() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Listener listener = new X11Listener(xvfb.display(), 640, 480);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            injector.inject(new InputEvent.PointerMove(1, 1));
            listener.events();
            injector.inject(new InputEvent.PointerMove(10, 20));
            injector.inject(new InputEvent.PointerButton(1, true));
            injector.inject(new InputEvent.PointerMove(30, 40));
            injector.inject(new InputEvent.PointerButton(1, false));
            assertThat(listener.events()).containsExactly("move 10,20", "+button 1", "move 30,40", "-button 1");
            injector.inject(new InputEvent.PointerMove(-50, Integer.MAX_VALUE));
            assertThat(listener.events()).containsExactly("move 0,479");
        }
    }

    @Test
    void keysAreNamedByTheirPlace() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Listener listener = new X11Listener(xvfb.display(), 640, 480);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            injector.inject(new InputEvent.PointerMove(9, 9));
            listener.events();
            for (String code :
                    List.of("KeyA", "Digit1", "F12", "ArrowLeft", "Delete", "NumpadEnter", "IntlBackslash")) {
                tap(injector, code);
            }
            assertThat(listener.events())
                    .filteredOn(event -> event.startsWith("+"))
                    .containsExactly("+key 38", "+key 10", "+key 96", "+key 113", "+key 119", "+key 104", "+key 94");
            tap(injector, "Hyper");
            tap(injector, "");
            injector.inject(new InputEvent.Key("KeyB", false));
            assertThat(listener.events()).isEmpty();
        }
    }

    @Test
    void nothingStaysPressedAndTheKeyboardMapIsAsBefore() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Display observer = X11Display.open(xvfb.display())) {
            FakeInput keys = new FakeInput(observer);
            List<Long> before = map(observer);
            try (InputInjector injector = X11Injector.open(xvfb.display())) {
                injector.inject(new InputEvent.Key("ShiftLeft", true));
                injector.inject(new InputEvent.Key("ControlLeft", true));
                injector.inject(new InputEvent.Key("KeyA", true));
                injector.inject(new InputEvent.PointerButton(1, true));
                assertThat(injector.held()).hasSize(4);
                assertThat(keys.keysDown()).isEqualTo(3);
                injector.releaseAll();
                assertThat(injector.held()).isEmpty();
                assertThat(keys.keysDown()).isZero();
                injector.inject(new InputEvent.Key("AltLeft", true));
                injector.inject(new InputEvent.Text("漢字😀"));
                assertThat(map(observer)).isNotEqualTo(before);
            }
            assertThat(keys.keysDown()).isZero();
            assertThat(map(observer)).isEqualTo(before);
        }
    }

    @Test
    void anInjectorThatWasKilledLeavesNoKeycodeTakenForTheNext() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Display observer = X11Display.open(xvfb.display())) {
            List<Long> before = map(observer);
            KeyboardMap killed = new KeyboardMap(observer);
            for (int keycode = killed.firstKeycode(); keycode <= killed.lastKeycode(); keycode++) {
                if (killed.keysym(keycode, 0) == 0 && killed.keysym(keycode, 1) == 0) {
                    killed.assign(keycode, 0x01006F22);
                }
            }
            try (InputInjector injector = X11Injector.open(xvfb.display())) {
                injector.inject(new InputEvent.Text("字"));
            }
            assertThat(map(observer)).isEqualTo(before);
        }
    }

    @Test
    void anotherKeyboardLayoutInMidSessionIsFollowed() throws IOException {
        Path setxkbmap = Requires.tool("setxkbmap", "x11-xkb-utils");
        try (Xvfb xvfb = Xvfb.start(800, 600);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            Path typed = terminal(xvfb, injector);
            // a terminal reads the map when it comes to a key, so it has to be done with the last one
            injector.inject(new InputEvent.Text("zy漢@\n"));
            awaitContent(typed, "zy漢@\n");
            xvfb.run(setxkbmap.toString(), "de");
            injector.inject(new InputEvent.Text("zy漢@ß€ñ\n"));
            awaitContent(typed, "zy漢@\nzy漢@ß€ñ\n");
            xvfb.run(setxkbmap.toString(), "fr");
            injector.inject(new InputEvent.Text("azerty 123 漢@ß€ñ\n"));
            awaitContent(typed, "zy漢@\nzy漢@ß€ñ\nazerty 123 漢@ß€ñ\n");
        }
    }

    @Test
    void theEndOfTheXServerIsAnExceptionAndClosingStillWorks() {
        try (Xvfb xvfb = Xvfb.start(64, 64);
                InputInjector injector = X11Injector.open(xvfb.display())) {
            injector.inject(new InputEvent.Key("ShiftLeft", true));
            injector.inject(new InputEvent.Text("漢"));
            xvfb.kill();
            assertThatThrownBy(() -> injector.inject(new InputEvent.Text("a")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("X server");
            injector.releaseAll();
            assertThat(injector.held()).isEmpty();
        }
    }

    private static void tap(InputInjector injector, String code) {
        injector.inject(new InputEvent.Key(code, true));
        injector.inject(new InputEvent.Key(code, false));
    }

    private static List<String> clicks(int... buttons) {
        List<String> events = new ArrayList<>();
        for (int button : buttons) {
            events.add("+button " + button);
            events.add("-button " + button);
        }
        return events;
    }

    private static List<Long> map(X11Display display) {
        KeyboardMap map = new KeyboardMap(display);
        List<Long> keysyms = new ArrayList<>();
        for (int keycode = map.firstKeycode(); keycode <= map.lastKeycode(); keycode++) {
            for (int column = 0; column < map.columns(); column++) {
                keysyms.add(map.keysym(keycode, column));
            }
        }
        return keysyms;
    }

    /// An xterm under the pointer that writes what is typed into the file returned.
    private Path terminal(Xvfb xvfb, InputInjector injector) {
        Path xterm = Requires.tool("xterm", "xterm");
        Path typed = folder.resolve("typed.txt");
        xvfb.start(
                "env",
                "LC_ALL=C.UTF-8",
                xterm.toString(),
                "-u8",
                "-geometry",
                "80x30+0+0",
                "-e",
                "sh",
                "-c",
                "stty -icanon -ixon -isig -echo; cat > " + typed);
        injector.inject(new InputEvent.PointerMove(100, 100));
        await(() -> Files.exists(typed));
        return typed;
    }

    private static void awaitContent(Path file, String expected) throws IOException {
        await(() -> content(file).length() >= expected.length());
        assertThat(Files.readString(file)).isEqualTo(expected);
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException halfACharacter) {
            return "";
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static String fourHundredCharacters() {
        Random random = new Random(400);
        int[][] ranges = {
            {0x20, 0x7E},
            {0xA1, 0x17F},
            {0x391, 0x3C9},
            {0x410, 0x44F},
            {0x5D0, 0x5EA},
            {0x2190, 0x21FF},
            {0x3041, 0x3096},
            {0x4E00, 0x9FA5},
            {0xAC00, 0xD7A3},
            {0x1D400, 0x1D454},
            {0x1F600, 0x1F64F},
            {0x20000, 0x2A6D6}
        };
        Set<Integer> codePoints = new LinkedHashSet<>();
        while (codePoints.size() < 400) {
            int[] range = ranges[random.nextInt(ranges.length)];
            int codePoint = range[0] + random.nextInt(range[1] - range[0] + 1);
            if (Character.isDefined(codePoint)) {
                codePoints.add(codePoint);
            }
        }
        return codePoints.stream().map(Character::toString).collect(Collectors.joining());
    }
}
