package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.ui.Theme;
import dev.nearhand.app.ui.hostbar.HostBarView;
import java.util.function.Consumer;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.paint.Color;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.stage.StageStyle;

/// The bar at the top of the host's screen while somebody is connected. It stays above other windows and can be
/// dragged.
final class HostBarWindow {
    private final Stage stage;
    private final HostBarView view;
    private double grabX;
    private double grabY;

    HostBarWindow(
            DesktopApp application, String viewer, boolean control, Consumer<Boolean> allowControl, Runnable stop) {
        stage = application.newStage("Nearhand: this screen is shared");
        stage.initStyle(StageStyle.UNDECORATED);
        stage.setAlwaysOnTop(true);
        view = new HostBarView(viewer, control, stop);
        view.controlAllowedProperty().addListener((_, _, now) -> allowControl.accept(now));
        Scene scene = new Scene(view.root(), Color.TRANSPARENT);
        scene.getStylesheets().add(Theme.STYLESHEET);
        view.root().setOnMousePressed(event -> {
            grabX = event.getSceneX();
            grabY = event.getSceneY();
        });
        view.root().setOnMouseDragged(event -> {
            stage.setX(event.getScreenX() - grabX);
            stage.setY(event.getScreenY() - grabY);
        });
        stage.setScene(scene);
        stage.show();
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        stage.setX(screen.getMinX() + (screen.getWidth() - stage.getWidth()) / 2);
        stage.setY(screen.getMinY());
    }

    void control(boolean allowed) {
        view.controlAllowedProperty().set(allowed);
    }

    void interrupted(boolean now) {
        view.interruptedProperty().set(now);
        stage.sizeToScene();
    }

    void close() {
        stage.close();
    }
}
