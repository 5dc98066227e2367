package dev.nearhand.capture;

import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.input.robot.RobotInjector;
import dev.nearhand.capture.input.x11.X11Injector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place to get an injector from.
public final class InputInjectors {
    private static final Logger LOG = LoggerFactory.getLogger(InputInjectors.class);

    private InputInjectors() {}

    /// The best that works here: XTEST on an X11 desktop, which types every character, otherwise java.awt.Robot.
    ///
    /// @param display the X11 display such as `:0`; empty for that of the environment
    /// @throws InputException when this machine lets nothing in
    public static InputInjector open(String display) {
        if (!ScreenSources.onX11()) {
            return RobotInjector.open();
        }
        try {
            return X11Injector.open(display);
        } catch (InputException failure) {
            String ofEnvironment = System.getenv().getOrDefault("DISPLAY", "");
            if (ofEnvironment.isEmpty() || !(display.isEmpty() || display.equals(ofEnvironment))) {
                // Robot knows the display of the environment only
                throw failure;
            }
            LOG.info("input goes through java.awt.Robot: {}", failure.getMessage());
            return RobotInjector.open();
        }
    }
}
