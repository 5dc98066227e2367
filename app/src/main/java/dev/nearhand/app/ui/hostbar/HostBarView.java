package dev.nearhand.app.ui.hostbar;

import atlantafx.base.theme.Styles;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.css.PseudoClass;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.shape.Circle;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The small bar that stays on the host's screen while somebody is connected: who, what they may do, and a way to end
/// it.
public final class HostBarView {
    private static final PseudoClass INTERRUPTED = PseudoClass.getPseudoClass("interrupted");

    private final HBox root;
    private final BooleanProperty controlAllowed = new SimpleBooleanProperty();
    private final BooleanProperty interrupted = new SimpleBooleanProperty();

    /// @param who the viewer's name
    /// @param control whether the viewer may steer now
    public HostBarView(String who, boolean control, Runnable stop) {
        controlAllowed.set(control);
        Circle dot = new Circle(5);
        dot.getStyleClass().add("live-dot");
        Label words = new Label();
        words.setId("host-bar-who");
        words.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> who + (interrupted.get() ? " is reconnecting …" : does(controlAllowed.get())),
                        controlAllowed,
                        interrupted));
        interrupted.addListener((_, _, now) -> dot.pseudoClassStateChanged(INTERRUPTED, now));
        ToggleButton allow = new ToggleButton("Control", new FontIcon(Feather.MOUSE_POINTER));
        allow.setId("host-bar-control");
        allow.setTooltip(new Tooltip("Let the viewer use mouse and keyboard here, or not"));
        allow.selectedProperty().bindBidirectional(controlAllowed);
        allow.setFocusTraversable(true);
        Button end = new Button("Stop sharing", new FontIcon(Feather.X));
        end.setId("host-bar-stop");
        end.getStyleClass().add(Styles.DANGER);
        end.setOnAction(_ -> stop.run());
        root = new HBox(dot, words, allow, end);
        root.getStyleClass().add("host-bar");
    }

    private static String does(boolean control) {
        return control ? " sees and steers this screen" : " sees this screen";
    }

    public Parent root() {
        return root;
    }

    /// Whether the connection to the viewer is interrupted, so that they see nothing now.
    public BooleanProperty interruptedProperty() {
        return interrupted;
    }

    /// Whether the viewer may steer; the bar's switch changes it.
    public BooleanProperty controlAllowedProperty() {
        return controlAllowed;
    }
}
