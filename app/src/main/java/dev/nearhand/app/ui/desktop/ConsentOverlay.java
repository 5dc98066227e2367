package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.ui.consent.ConsentView;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;

/// The question for consent, over the home window's content, which rests meanwhile. The window comes to the front for
/// it. FX thread only.
///
/// Not a window of its own: on X11 without a window manager JavaFX leaves a new window black when another window of
/// the program lies behind all of it.
final class ConsentOverlay {
    private final Stage home;
    private final Node content;
    private final StackPane root;
    private final Region veil = new Region();

    ConsentOverlay(Stage home, Node content) {
        this.home = home;
        this.content = content;
        veil.getStyleClass().add("veil");
        veil.setVisible(false);
        root = new StackPane(content, veil);
    }

    Parent root() {
        return root;
    }

    void show(ConsentView question) {
        Region card = question.root();
        card.getStyleClass().add("consent");
        card.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
        root.getChildren().add(card);
        asking(true);
        home.setIconified(false);
        home.setAlwaysOnTop(true);
        home.toFront();
        question.focusRefusal();
    }

    void hide(ConsentView question) {
        if (root.getChildren().remove(question.root())) {
            home.setAlwaysOnTop(false);
            asking(false);
        }
    }

    private void asking(boolean now) {
        veil.setVisible(now);
        content.setDisable(now);
    }
}
