package dev.nearhand.app.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.scene.image.Image;

/// The look of all windows: light or dark as the system says, and following it while it runs. FX thread only.
public final class Theme {
    /// What our own style classes look like.
    public static final String STYLESHEET = resource("nearhand.css");

    private Theme() {}

    /// Puts the theme on the application and keeps it in step with the system.
    public static void follow() {
        apply(Platform.getPreferences().getColorScheme());
        Platform.getPreferences().colorSchemeProperty().addListener((_, _, scheme) -> apply(scheme));
    }

    public static Image icon() {
        return new Image(resource("nearhand.png"));
    }

    private static void apply(ColorScheme scheme) {
        Application.setUserAgentStylesheet(
                scheme == ColorScheme.DARK
                        ? new PrimerDark().getUserAgentStylesheet()
                        : new PrimerLight().getUserAgentStylesheet());
    }

    private static String resource(String name) {
        return Objects.requireNonNull(Theme.class.getResource(name), name).toExternalForm();
    }

    /// A sentence whose dots stay with its last word where it is wrapped.
    public static String unbroken(String sentence) {
        return sentence.replace(" …", "\u00a0…");
    }
}
