package dev.nearhand.app.ui.hostbar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.ui.Snapshots;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class HostBarViewTest {
    private HostBarView view;
    private int stopped;

    @Start
    void start(Stage stage) {
        view = new HostBarView("Ada on her laptop", true, () -> stopped++);
        Snapshots.show(stage, view.root(), false, 0, 0);
    }

    @Test
    void saysWhoIsThereAndWhatTheyMayDo(FxRobot robot) {
        Label words = robot.lookup("#host-bar-who").queryAs(Label.class);
        assertThat(words.getText()).isEqualTo("Ada on her laptop sees and steers this screen");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "host-bar"));

        robot.clickOn("#host-bar-control");
        assertThat(words.getText()).isEqualTo("Ada on her laptop sees this screen");
        assertThat(view.controlAllowedProperty().get()).isFalse();
    }

    @Test
    void saysThatTheViewerIsAway(FxRobot robot) {
        Label words = robot.lookup("#host-bar-who").queryAs(Label.class);
        robot.interact(() -> view.interruptedProperty().set(true));
        assertThat(words.getText()).isEqualTo("Ada on her laptop is reconnecting …");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "host-bar-interrupted"));

        robot.interact(() -> view.interruptedProperty().set(false));
        assertThat(words.getText()).isEqualTo("Ada on her laptop sees and steers this screen");
    }

    @Test
    void endsTheSession(FxRobot robot) {
        robot.clickOn("#host-bar-stop");
        assertThat(stopped).isEqualTo(1);
    }
}
