package dev.nearhand.capture.input.robot;

import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.input.InputInjector;
import java.awt.AWTException;
import java.awt.GraphicsEnvironment;
import java.awt.Robot;
import java.awt.event.KeyEvent;
import java.awt.geom.AffineTransform;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Input through java.awt.Robot, for systems that have nothing better here.
///
/// It types the characters of a US keyboard only; others are left out and counted ([#refusedCharacters]). It turns the
/// wheel up and down, not sideways. One thread at a time.
public final class RobotInjector implements InputInjector {
    private static final Logger LOG = LoggerFactory.getLogger(RobotInjector.class);

    private final Robot robot;
    private final double scaleX;
    private final double scaleY;
    private final Set<InputEvent> held = new LinkedHashSet<>();
    private double wheelRest;
    private long refusedCharacters;

    private RobotInjector(Robot robot, AffineTransform scale) {
        this.robot = robot;
        this.scaleX = scale.getScaleX();
        this.scaleY = scale.getScaleY();
    }

    /// @throws InputException when this machine has no display, or does not let us
    public static RobotInjector open() {
        if (GraphicsEnvironment.isHeadless()) {
            throw new InputException("there is no display to put input into; start it inside a desktop session");
        }
        try {
            Robot robot = new Robot();
            robot.setAutoDelay(0);
            return new RobotInjector(
                    robot,
                    GraphicsEnvironment.getLocalGraphicsEnvironment()
                            .getDefaultScreenDevice()
                            .getDefaultConfiguration()
                            .getDefaultTransform());
        } catch (AWTException | SecurityException failure) {
            throw new InputException(
                    "the system refuses input from this program; allow it in its privacy settings", failure);
        }
    }

    @Override
    public void inject(InputEvent event) {
        switch (event) {
            // Robot counts in points of the scaled desktop.
            case InputEvent.PointerMove(int x, int y) ->
                robot.mouseMove((int) Math.round(x / scaleX), (int) Math.round(y / scaleY));
            case InputEvent.PointerButton button -> button(button);
            case InputEvent.Wheel(double _, double dy) -> wheel(dy);
            case InputEvent.Key key -> key(key);
            case InputEvent.Text(String text) -> text(text);
        }
    }

    private void button(InputEvent.PointerButton button) {
        InputEvent press = new InputEvent.PointerButton(button.button(), true);
        // AWT counts the back and forward buttons 4 and 5, as we do.
        int mask = java.awt.event.InputEvent.getMaskForButton(button.button());
        if (button.down()) {
            held.add(press);
            robot.mousePress(mask);
        } else if (held.remove(press)) {
            robot.mouseRelease(mask);
        }
    }

    private void wheel(double dy) {
        wheelRest += dy;
        int notches = (int) wheelRest;
        wheelRest -= notches;
        if (notches != 0) {
            robot.mouseWheel(notches);
        }
    }

    private void key(InputEvent.Key key) {
        OptionalInt known = RobotKeys.ofCode(key.code());
        if (known.isEmpty()) {
            return;
        }
        InputEvent press = new InputEvent.Key(key.code(), true);
        try {
            if (key.down()) {
                robot.keyPress(known.getAsInt());
                held.add(press);
            } else if (held.remove(press)) {
                robot.keyRelease(known.getAsInt());
            }
        } catch (IllegalArgumentException _) {
            LOG.debug("this keyboard has no key {}", key.code());
        }
    }

    private void text(String text) {
        for (int index = 0; index < text.length(); index++) {
            Optional<RobotKeys.Stroke> stroke = RobotKeys.ofCharacter(text.charAt(index));
            if (stroke.isEmpty() || !type(stroke.get())) {
                refuse();
            }
        }
    }

    private boolean type(RobotKeys.Stroke stroke) {
        try {
            if (stroke.shift()) {
                robot.keyPress(KeyEvent.VK_SHIFT);
            }
            robot.keyPress(stroke.key());
            robot.keyRelease(stroke.key());
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        } finally {
            if (stroke.shift()) {
                robot.keyRelease(KeyEvent.VK_SHIFT);
            }
        }
    }

    private void refuse() {
        if (refusedCharacters++ == 0) {
            LOG.warn("some characters cannot be typed on this system and are left out");
        }
    }

    /// How many characters (UTF-16) of [InputEvent.Text] this system has no key for.
    public long refusedCharacters() {
        return refusedCharacters;
    }

    @Override
    public void releaseAll() {
        for (InputEvent press : List.copyOf(held).reversed()) {
            switch (press) {
                case InputEvent.Key(String code, boolean _) -> inject(new InputEvent.Key(code, false));
                case InputEvent.PointerButton(int button, boolean _) ->
                    inject(new InputEvent.PointerButton(button, false));
                case InputEvent.PointerMove _, InputEvent.Wheel _, InputEvent.Text _ -> {}
            }
        }
        held.clear();
    }

    @Override
    public Set<InputEvent> held() {
        return Set.copyOf(held);
    }

    @Override
    public void close() {
        releaseAll();
    }
}
