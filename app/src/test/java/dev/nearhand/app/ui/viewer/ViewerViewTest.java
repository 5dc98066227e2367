package dev.nearhand.app.ui.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.testfx.util.WaitForAsyncUtils.waitForFxEvents;

import dev.nearhand.app.ui.Snapshots;
import dev.nearhand.app.ui.video.RemoteInput;
import dev.nearhand.app.ui.video.Scaling;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.input.ScrollEvent;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class ViewerViewTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 361;

    private final List<String> sent = new ArrayList<>();
    private final ViewerViewModel model = new ViewerViewModel("Living-room desk", new ViewerActions() {
        @Override
        public void disconnect() {
            sent.add("disconnect");
        }

        @Override
        public void viewOnly(boolean viewOnly) {
            sent.add("viewOnly " + viewOnly);
        }
    });
    private int closed;
    private ViewerView view;

    @Start
    void start(Stage stage) {
        view = new ViewerView(model, () -> closed++);
        view.surface().setRemoteInput(new Recorder(sent));
        Snapshots.show(stage, view.root(), false, 1000, 660);
    }

    /// A publication of another program takes no input: the pointer is this machine's own, and nothing offers to change
    /// that.
    @Test
    void aPublicationIsSeenAndNotSteered(FxRobot robot) {
        offer(desk());
        robot.interact(() -> {
            model.seenOnly();
            model.live();
        });
        waitForFxEvents();

        robot.clickOn("#surface");

        assertThat(sent).isEmpty();
        assertThat(model.controllingProperty().get()).isFalse();
        assertThat(robot.lookup("#view-only").query().isVisible()).isFalse();
        assertThat(robot.lookup("#connection").queryAs(Label.class).getText())
                .isEqualTo("Connected, directly and encrypted");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "viewer-publication"));
    }

    @Test
    void showsEveryPixelOfThePictureAtOneToOne(FxRobot robot) {
        BufferedImage desk = desk();
        offer(desk);
        robot.interact(() -> {
            model.live();
            model.scalingProperty().set(Scaling.ONE_TO_ONE);
        });
        waitForFxEvents();

        robot.interact(() -> {
            Image shown = view.surface().getChildrenUnmodifiable().getFirst().snapshot(null, null);
            assertThat((int) shown.getWidth()).isEqualTo(WIDTH);
            assertThat((int) shown.getHeight()).isEqualTo(HEIGHT);
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    assertThat(shown.getPixelReader().getArgb(x, y)).isEqualTo(desk.getRGB(x, y) | 0xFF000000);
                }
            }
        });
    }

    @Test
    void fitsThePictureAndPointsAtTheRightPixel(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        robot.moveTo("#surface");
        robot.clickOn(MouseButton.PRIMARY);

        assertThat(sent).anyMatch(line -> line.matches("button 1 true 3(19|20|21) (179|180|181)"));
        assertThat(sent).anyMatch(line -> line.startsWith("button 1 false"));
        robot.interact(() -> {
            model.hostNamed("ada on living-room");
            model.statistics("640×361 · 26 pictures a second · 5 ms away · 1.2 Mbit/s", "decode 1.4 ms");
            Snapshots.write(robot.window(0).getScene(), "viewer");
        });
        Label statistics = robot.lookup("#statistics").queryAs(Label.class);
        assertThat(statistics.getText()).startsWith("640×361");
        assertThat(statistics.getTooltip().getText()).isEqualTo("decode 1.4 ms");
    }

    @Test
    void isCalledByItsAddressUntilTheHostSaysItsName(FxRobot robot) {
        assertThat(model.titleProperty().get()).isEqualTo("Living-room desk");
        robot.interact(() -> model.hostNamed("ada on living-room"));
        assertThat(robot.lookup("ada on living-room").queryAs(Label.class).isVisible())
                .isTrue();
    }

    @Test
    void sendsTextAsTextAndOtherKeysAsKeys(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        robot.clickOn("#surface");
        sent.clear();

        robot.write("aé");
        robot.type(KeyCode.ENTER);
        robot.press(KeyCode.CONTROL).type(KeyCode.C).release(KeyCode.CONTROL);

        assertThat(sent)
                .containsSubsequence(
                        "text a",
                        "text é",
                        "key Enter true",
                        "key Enter false",
                        "key ControlLeft true",
                        "key KeyC true",
                        "key KeyC false",
                        "key ControlLeft false")
                .doesNotContain("key KeyA true", "text c");
    }

    @Test
    void turnsTheWheelInNotches(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        robot.interact(() -> view.surface()
                .fireEvent(new ScrollEvent(
                        ScrollEvent.SCROLL,
                        100,
                        100,
                        100,
                        100,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false,
                        0,
                        -80,
                        0,
                        -80,
                        40,
                        40,
                        ScrollEvent.HorizontalTextScrollUnits.NONE,
                        0,
                        ScrollEvent.VerticalTextScrollUnits.NONE,
                        0,
                        0,
                        null)));
        assertThat(sent).anyMatch(line -> line.startsWith("wheel 0.0 2.0"));
    }

    @Test
    void releasesWhatIsHeldWhenTheWindowLosesTheKeyboard(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        robot.clickOn("#surface");
        robot.press(KeyCode.SHIFT);
        sent.clear();
        robot.interact(() -> robot.lookup("#disconnect").queryButton().requestFocus());
        assertThat(sent).contains("releaseAll");
        robot.release(KeyCode.SHIFT);
    }

    @Test
    void sendsNothingWhileItOnlyViews(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        robot.clickOn("#view-only");
        assertThat(sent).contains("viewOnly true");
        sent.clear();
        robot.clickOn("#surface").write("x");
        assertThat(sent).isEmpty();
    }

    @Test
    void dimsAFrozenPictureAndSaysForHowLong(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        robot.interact(() -> model.silent("No picture for 4 s"));
        assertThat(robot.lookup("#notice").queryAs(Label.class).getText()).isEqualTo("No picture for 4 s");
        robot.interact(() -> Snapshots.write(robot.window(0).getScene(), "viewer-frozen"));

        robot.interact(model::live);
        assertThat(view.surface().dimmedProperty().get()).isFalse();
    }

    @Test
    void saysWhyItEndedAndClosesItsWindow(FxRobot robot) {
        robot.clickOn("#disconnect");
        assertThat(sent).contains("disconnect");
        assertThat(robot.lookup("#notice").queryAs(Label.class).getText()).isEqualTo("You disconnected.");
        robot.clickOn("#close");
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void showsAPictureOfAnotherSizeAtOnce(FxRobot robot) {
        offer(desk());
        robot.interact(model::live);
        waitForFxEvents();
        offer(new BufferedImage(33, 17, BufferedImage.TYPE_INT_RGB));
        waitForFxEvents();
        assertThat(view.surface().pictureWidth()).isEqualTo(33);
        assertThat(view.surface().pictureHeight()).isEqualTo(17);
    }

    private void offer(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int stride = width * 4 + 64;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bgra = arena.allocate((long) stride * height);
            ValueLayout.OfInt pixel = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    bgra.set(pixel, (long) y * stride + x * 4L, picture.getRGB(x, y) | 0xFF000000);
                }
            }
            view.surface().offerPicture(bgra, width, height, stride);
        }
    }

    private static BufferedImage desk() {
        BufferedImage desk = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = desk.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(new Color(0x2E5E8C));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.setColor(Color.WHITE);
        graphics.fillRoundRect(60, 50, 420, 240, 12, 12);
        graphics.setColor(new Color(0x222222));
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        for (int line = 0; line < 9; line++) {
            graphics.drawString("A line of a letter that somebody writes, number " + (line + 1), 80, 85 + line * 24);
        }
        graphics.dispose();
        return desk;
    }

    private record Recorder(List<String> sent) implements RemoteInput {
        @Override
        public void pointerMoved(int x, int y) {
            sent.add("move " + x + " " + y);
        }

        @Override
        public void button(int x, int y, int button, boolean down) {
            sent.add("button " + button + " " + down + " " + x + " " + y);
        }

        @Override
        public void wheel(int x, int y, double notchesX, double notchesY) {
            sent.add("wheel " + Math.abs(notchesX) + " " + notchesY);
        }

        @Override
        public void key(String code, boolean down) {
            sent.add("key " + code + " " + down);
        }

        @Override
        public void text(String text) {
            sent.add("text " + text);
        }

        @Override
        public void releaseAll() {
            sent.add("releaseAll");
        }
    }
}
