package dev.nearhand.capture;

import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.input.robot.RobotInjector;

/// The one place to get an injector from.
public final class InputInjectors {
    private InputInjectors() {}

    /// The best that works here.
    ///
    /// @param display the X11 display such as `:0`; empty for that of the environment
    /// @throws dev.nearhand.capture.input.InputException when this machine lets nothing in
    public static InputInjector open(String display) {
        return RobotInjector.open();
    }
}
