package dev.nearhand.app.ui.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.ui.Snapshots;
import dev.nearhand.app.ui.Theme;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class HomeViewTest {
    private final List<String> asked = new ArrayList<>();
    private final HomeViewModel model = new HomeViewModel(new HomeActions() {
        @Override
        public void startSharing() {
            asked.add("share");
        }

        @Override
        public void stopSharing() {
            asked.add("stop");
        }

        @Override
        public void connect(String address, String code) {
            asked.add("connect " + address + " " + code);
        }

        @Override
        public void cancelConnecting() {
            asked.add("cancel");
        }
    });

    @Start
    void start(Stage stage) {
        Snapshots.show(stage, new HomeView(model, Theme.icon()).root(), false, 940, 600);
    }

    @Test
    void sharesAndShowsAddressAndGroupedCode(FxRobot robot) {
        robot.clickOn("#share-toggle");
        assertThat(asked).containsExactly("share");

        robot.interact(() -> model.sharing("192.0.2.7:47800", "123456789"));

        assertThat(robot.lookup("#share-code").queryAs(Label.class).getText()).isEqualTo("123 456 789");
        assertThat(robot.lookup("#share-address").queryAs(Label.class).getText())
                .isEqualTo("192.0.2.7:47800");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "home-sharing"));
    }

    /// Its last four digits were dots: the picture shows whether they are there.
    @Test
    void showsTheLongerCodeOfARendezvousInFull(FxRobot robot) {
        robot.clickOn("#share-toggle");
        robot.interact(() -> model.sharing("ws://meeting.example.org:47801", "123456789012345"));

        assertThat(robot.lookup("#share-code").queryAs(Label.class).getText()).isEqualTo("123 456 789 012 345");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "home-rendezvous"));

        robot.clickOn("#connect-address").write("ws://meeting.example.org:47801");
        assertThat(robot.lookup("#connect-code").queryAs(TextField.class).getPromptText())
                .isEqualTo("123 456 789 012 345");
    }

    @Test
    void showsWhoIsConnectedInsteadOfTheUsedCode(FxRobot robot) {
        robot.clickOn("#share-toggle");
        robot.interact(() -> model.sharing("192.0.2.7:47800", "123456789"));
        robot.interact(() -> model.watchedBy("Ada on her laptop", true));

        Label viewer = robot.lookup("#share-viewer").queryAs(Label.class);
        Label code = robot.lookup("#share-code").queryAs(Label.class);
        assertThat(viewer.getText()).isEqualTo("Ada on her laptop sees and steers this screen");
        assertThat(code.getText()).isEmpty();
        assertThat(code.getParent().getParent().isVisible()).isFalse();
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "home-watched"));

        robot.interact(() -> model.watchedBy("Ada on her laptop", false));
        assertThat(viewer.getText()).isEqualTo("Ada on her laptop sees this screen");

        robot.interact(() -> model.sharing("192.0.2.7:47800", "987654321"));
        assertThat(viewer.isVisible()).isFalse();
        assertThat(code.getText()).isEqualTo("987 654 321");
        assertThat(code.getParent().getParent().isVisible()).isTrue();
    }

    @Test
    void showsACodeAgainWhileTheViewerIsAway(FxRobot robot) {
        robot.clickOn("#share-toggle");
        robot.interact(() -> model.sharing("192.0.2.7:47800", "123456789"));
        robot.interact(() -> model.watchedBy("Ada on her laptop", true));
        robot.interact(() -> model.interrupted("Ada on her laptop", "192.0.2.7:47800", "987654321"));

        Label viewer = robot.lookup("#share-viewer").queryAs(Label.class);
        Label code = robot.lookup("#share-code").queryAs(Label.class);
        assertThat(viewer.getText()).isEqualTo("Ada on her laptop is reconnecting …");
        assertThat(viewer.isVisible()).isTrue();
        assertThat(code.getText()).isEqualTo("987 654 321");
        assertThat(code.getParent().getParent().isVisible()).isTrue();
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "home-interrupted"));

        robot.interact(() -> model.watchedBy("Ada on her laptop", true));
        assertThat(code.getText()).isEmpty();
    }

    @Test
    void stopsSharingWhileSomebodyIsConnected(FxRobot robot) {
        robot.clickOn("#share-toggle");
        robot.interact(() -> model.sharing("192.0.2.7:47800", "123456789"));
        robot.interact(() -> model.watchedBy("Ada on her laptop", true));
        robot.clickOn("#share-toggle");

        assertThat(asked).containsExactly("share", "stop");
        assertThat(model.shareViewerProperty().get()).isEmpty();
    }

    @Test
    void stopsSharingWithTheSameButton(FxRobot robot) {
        robot.clickOn("#share-toggle");
        robot.interact(() -> model.sharing("192.0.2.7:47800", "123456789"));
        robot.clickOn("#share-toggle");

        assertThat(asked).containsExactly("share", "stop");
        assertThat(robot.lookup("#share-toggle").queryAs(Button.class).getText())
                .contains("Share");
    }

    @Test
    void copiesTheCodeAsItIsShown(FxRobot robot) {
        robot.clickOn("#share-toggle");
        robot.interact(() -> model.sharing("192.0.2.7:47800", "123456789"));
        robot.clickOn("#share-code-copy");

        robot.interact(
                () -> assertThat(Clipboard.getSystemClipboard().getString()).isEqualTo("123 456 789"));
    }

    @Test
    void connectsOnlyWithAnAddressAndAWholeCode(FxRobot robot) {
        Button connect = robot.lookup("#connect").queryButton();
        assertThat(connect.isDisabled()).isTrue();

        robot.clickOn("#connect-address").write("desk.example:47800");
        robot.clickOn("#connect-code").write("123 456 78");
        assertThat(connect.isDisabled()).isTrue();

        robot.write("9");
        assertThat(connect.isDisabled()).isFalse();
        robot.clickOn("#connect");
        assertThat(asked).containsExactly("connect desk.example:47800 123456789");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "home-connecting"));
    }

    @Test
    void enterInTheCodeFieldConnectsAndEscapeCancels(FxRobot robot) {
        robot.clickOn("#connect-address").write("desk.example");
        robot.type(KeyCode.ENTER);
        robot.write("123456789");
        robot.type(KeyCode.ENTER);
        assertThat(asked).containsExactly("connect desk.example 123456789");

        robot.clickOn("#connect-cancel");
        assertThat(asked).contains("cancel");
    }

    @Test
    void saysInOneSentenceWhatWentWrong(FxRobot robot) {
        robot.interact(() -> model.connectFailed(
                "That code is not right. Ask for the code that is on the other screen now; two tries are left."));
        assertThat(robot.lookup("#connect-message").queryAs(Label.class).getText())
                .startsWith("That code is not right.");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "home"));
    }

    @Test
    void looksAsWellInTheDark(FxRobot robot) {
        robot.interact(() -> {
            Stage dark = new Stage();
            Snapshots.show(dark, new HomeView(new HomeViewModel(new NoActions()), Theme.icon()).root(), true, 940, 600);
            Snapshots.write(dark.getScene(), "home-dark");
            dark.close();
        });
        assertThat(asked).isEmpty();
    }

    private static final class NoActions implements HomeActions {
        @Override
        public void startSharing() {}

        @Override
        public void stopSharing() {}

        @Override
        public void connect(String address, String code) {}

        @Override
        public void cancelConnecting() {}
    }
}
