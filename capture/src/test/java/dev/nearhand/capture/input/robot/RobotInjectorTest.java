package dev.nearhand.capture.input.robot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.x11.X11Listener;
import dev.nearhand.testing.Xvfb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The portable injector on a real display, in a process of its own; a window listens to what arrives.
@Timeout(60)
class RobotInjectorTest {
    private static final int SHIFT = 50;
    private static final int KEY_A = 38;
    private static final int KEY_Q = 24;
    private static final int ENTER = 36;

    @Test
    void thePointerItsButtonsAndItsWheelArrive() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Listener listener = new X11Listener(xvfb.display(), 640, 480)) {
            Robots robot = new Robots(xvfb);
            robot.tell("move 320,200", "done 0 0");
            assertThat(listener.events()).contains("move 320,200");
            robot.tell("+button 1", "done 1 0");
            robot.tell("move 330,210", "done 1 0");
            robot.tell("-button 1", "done 0 0");
            assertThat(listener.events()).containsExactly("+button 1", "move 330,210", "-button 1");
            robot.tell("+button 2", "done 1 0");
            robot.tell("-button 2", "done 0 0");
            robot.tell("wheel -1", "done 0 0");
            robot.tell("wheel 0.5", "done 0 0");
            robot.tell("wheel 0.5", "done 0 0");
            assertThat(listener.events())
                    .containsExactly("+button 2", "-button 2", "+button 4", "-button 4", "+button 5", "-button 5");
        }
    }

    @Test
    void keysAndTextArriveAndWhatHasNoKeyIsCounted() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Listener listener = new X11Listener(xvfb.display(), 640, 480)) {
            Robots robot = new Robots(xvfb);
            robot.tell("move 320,200", "done 0 0");
            listener.events();
            robot.tell("+key KeyA", "done 1 0");
            robot.tell("-key KeyA", "done 0 0");
            assertThat(listener.events()).containsExactly("+key " + KEY_A, "-key " + KEY_A);
            robot.tell("text aQ漢", "done 0 1");
            assertThat(listener.events())
                    .containsExactly(
                            "+key " + KEY_A,
                            "-key " + KEY_A,
                            "+key " + SHIFT,
                            "+key " + KEY_Q,
                            "-key " + KEY_Q,
                            "-key " + SHIFT,
                            "+key " + ENTER,
                            "-key " + ENTER);
        }
    }

    @Test
    void whatIsHeldIsReleasedInTheOppositeOrder() {
        try (Xvfb xvfb = Xvfb.start(640, 480);
                X11Listener listener = new X11Listener(xvfb.display(), 640, 480)) {
            Robots robot = new Robots(xvfb);
            robot.tell("move 320,200", "done 0 0");
            listener.events();
            robot.tell("+key ShiftLeft", "done 1 0");
            robot.tell("+button 1", "done 2 0");
            robot.tell("release", "done 0 0");
            assertThat(listener.events()).containsExactly("+key " + SHIFT, "+button 1", "-button 1", "-key " + SHIFT);
            robot.tell("+key KeyA", "done 1 0");
            robot.end();
            assertThat(listener.events()).containsExactly("+key " + KEY_A, "-key " + KEY_A);
        }
    }

    /// [RobotProgram], told what to do line by line. The display ends it.
    private static final class Robots {
        private final Process program;
        private final Writer orders;
        private final BufferedReader answers;

        Robots(Xvfb xvfb) {
            program = xvfb.start(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.awt.headless=false",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RobotProgram.class.getName());
            orders = program.outputWriter(StandardCharsets.UTF_8);
            answers = program.inputReader(StandardCharsets.UTF_8);
        }

        void tell(String order, String answer) {
            try {
                orders.write(order + "\n");
                orders.flush();
                String line = answers.readLine();
                while (line != null && !line.startsWith("done")) { // the log is in between
                    line = answers.readLine();
                }
                assertThat(line).isEqualTo(answer);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        void end() {
            try {
                orders.close();
                assertThat(program.waitFor()).isZero();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
