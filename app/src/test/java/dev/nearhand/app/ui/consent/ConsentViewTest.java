package dev.nearhand.app.ui.consent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.ui.Snapshots;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class ConsentViewTest {
    private final List<ConsentAnswer> answers = new ArrayList<>();
    private ConsentView view;

    @Start
    void start(Stage stage) {
        view = new ConsentView("Ada on her laptop\u202E\n", answers::add);
        Snapshots.show(stage, view.root(), false, 0, 0);
    }

    @Test
    void asksWithTheNameStrippedOfWhatCouldDeceive(FxRobot robot) {
        assertThat(robot.lookup("#consent-who").queryAs(Label.class).getText())
                .isEqualTo("“Ada on her laptop” has entered the right code.");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "consent"));
    }

    @Test
    void allowsControl(FxRobot robot) {
        robot.clickOn("#consent-control");
        assertThat(answers).containsExactly(ConsentAnswer.CONTROL);
    }

    @Test
    void allowsViewingOnly(FxRobot robot) {
        robot.clickOn("#consent-view");
        assertThat(answers).containsExactly(ConsentAnswer.VIEW_ONLY);
    }

    @Test
    void refusesWithAKeyPressedByAccident(FxRobot robot) {
        robot.type(KeyCode.SPACE);
        assertThat(answers).containsExactly(ConsentAnswer.REFUSE);
    }

    @Test
    void refusesByEscapeAndAnswersOnlyOnce(FxRobot robot) {
        robot.type(KeyCode.ESCAPE);
        robot.clickOn("#consent-control");
        robot.interact(view::dismiss);
        assertThat(answers).containsExactly(ConsentAnswer.REFUSE);
    }
}
