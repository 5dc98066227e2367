package dev.nearhand.app.ui.consent;

import atlantafx.base.theme.Styles;
import java.util.function.Consumer;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Asks whether somebody may see or steer this screen. Answers exactly once; silence is a refusal. The button that has
/// the focus first refuses, so that a key pressed by accident allows nothing.
public final class ConsentView {
    /// How long the person has to answer.
    public static final int SECONDS = 30;

    private final Consumer<ConsentAnswer> onAnswer;
    private final VBox root = new VBox(18);
    private final Label countdown = new Label();
    private final Timeline clock;
    private int secondsLeft = SECONDS;
    private final Button refuse = button("consent-refuse", "_Refuse", ConsentAnswer.REFUSE);
    private boolean answered;

    /// @param who the name that the other person gave; only shown, never trusted
    public ConsentView(String who, Consumer<ConsentAnswer> onAnswer) {
        this.onAnswer = onAnswer;
        Label heading = new Label("Somebody wants to see this screen", new FontIcon(Feather.SHIELD));
        heading.setGraphicTextGap(12);
        heading.getStyleClass().add(Styles.TITLE_3);
        Label asks = new Label("“" + shortened(who) + "” has entered the right code.");
        asks.setId("consent-who");
        asks.setWrapText(true);
        Label advice = new Label("Allow it only if you are talking to this person right now and know who it is. "
                + "With control, they can do everything that you can do here.");
        advice.setWrapText(true);
        advice.getStyleClass().add(Styles.TEXT_MUTED);
        countdown.getStyleClass().addAll(Styles.TEXT_SMALL, Styles.TEXT_MUTED);

        Button view = button("consent-view", "_View only", ConsentAnswer.VIEW_ONLY);
        Button control = button("consent-control", "_Allow control", ConsentAnswer.CONTROL);
        control.getStyleClass().add(Styles.ACCENT);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox buttons = new HBox(10, refuse, gap, view, control);
        buttons.setAlignment(Pos.CENTER);
        for (Label line : new Label[] {asks, advice}) {
            line.setMinHeight(Region.USE_PREF_SIZE);
        }
        root.getChildren().addAll(heading, asks, advice, countdown, buttons);
        root.setPadding(new Insets(24));
        root.setPrefWidth(560);
        root.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
                answer(ConsentAnswer.REFUSE);
            }
        });
        showCountdown();
        clock = new Timeline(new KeyFrame(Duration.seconds(1), _ -> tick()));
        clock.setCycleCount(SECONDS);
        clock.play();
    }

    public Region root() {
        return root;
    }

    /// Gives the focus to the button that refuses, once the view is shown.
    public void focusRefusal() {
        refuse.requestFocus();
    }

    /// Refuses unless the person has answered: the window was closed, or the other side has gone.
    public void dismiss() {
        answer(ConsentAnswer.REFUSE);
    }

    private Button button(String id, String text, ConsentAnswer answer) {
        Button button = new Button(text);
        button.setId(id);
        button.setMnemonicParsing(true);
        button.setOnAction(_ -> answer(answer));
        return button;
    }

    private void tick() {
        secondsLeft--;
        showCountdown();
        if (secondsLeft <= 0) {
            answer(ConsentAnswer.REFUSE);
        }
    }

    private void showCountdown() {
        countdown.setText("Without an answer this is refused in " + secondsLeft + " s.");
    }

    private void answer(ConsentAnswer answer) {
        if (!answered) {
            answered = true;
            clock.stop();
            onAnswer.accept(answer);
        }
    }

    /// A name from the wire: one line, no control or direction marks, of bounded length.
    private static String shortened(String who) {
        String plain = who.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "").strip();
        String bounded = plain.length() > 60 ? plain.substring(0, 60) + "…" : plain;
        return bounded.isEmpty() ? "A viewer without a name" : bounded;
    }
}
