package dev.nearhand.app.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.ui.consent.ConsentView;
import dev.nearhand.app.ui.hostbar.HostBarView;
import dev.nearhand.app.ui.viewer.ViewerActions;
import dev.nearhand.app.ui.viewer.ViewerView;
import dev.nearhand.app.ui.viewer.ViewerViewModel;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;

/// What lies beside the home window, in the dark.
@ExtendWith(ApplicationExtension.class)
class DarkThemeTest {
    @Test
    void theQuestionForConsentCanBeRead(FxRobot robot) {
        robot.interact(() -> assertBright(new ConsentView("Ada on her laptop", _ -> {}).root(), 0, 0, "consent-dark"));
    }

    @Test
    void theBarOfTheHostCanBeRead(FxRobot robot) {
        robot.interact(
                () -> assertBright(new HostBarView("Ada on her laptop", true, () -> {}).root(), 0, 0, "host-bar-dark"));
    }

    @Test
    void theViewerCanBeRead(FxRobot robot) {
        robot.interact(() -> {
            ViewerViewModel model = new ViewerViewModel("ada on living-room", new ViewerActions() {
                @Override
                public void disconnect() {}

                @Override
                public void viewOnly(boolean viewOnly) {}
            });
            model.live();
            model.statistics("640×361 · 26 pictures a second · 5 ms away · 1.2 Mbit/s", "decode 1.4 ms");
            assertBright(new ViewerView(model, () -> {}).root(), 1000, 660, "viewer-dark");
        });
    }

    private static void assertBright(Parent root, double width, double height, String picture) {
        Stage stage = new Stage();
        Snapshots.show(stage, root, true, width, height);
        Snapshots.write(stage.getScene(), picture);
        assertThat(root.lookupAll(".label"))
                .filteredOn(node -> node.isVisible()
                        && node instanceof Label label
                        && !label.getText().isEmpty())
                .isNotEmpty()
                .allSatisfy(node -> assertThat(((Color) ((Label) node).getTextFill()).getBrightness())
                        .isGreaterThan(0.4));
        stage.close();
    }
}
