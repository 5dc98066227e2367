package dev.nearhand.app.ui;

import static org.assertj.core.api.Assertions.assertThat;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.application.Application;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.image.WritableImage;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/// Pictures of windows for the documentation and for a person to look at: written to `target/windows/NAME.png`, and to
/// `docs/images` as well when the build runs with `-Dnearhand.pictures=docs`. A window in which a text is cut off is
/// none to show.
public final class Snapshots {
    private Snapshots() {}

    public static Scene scene(Parent root, boolean dark) {
        Application.setUserAgentStylesheet(
                dark ? new PrimerDark().getUserAgentStylesheet() : new PrimerLight().getUserAgentStylesheet());
        Scene scene = new Scene(root);
        scene.getStylesheets().add(Theme.STYLESHEET);
        return scene;
    }

    public static void show(Stage stage, Parent root, boolean dark, double width, double height) {
        stage.setScene(scene(root, dark));
        if (width > 0) {
            stage.setWidth(width);
            stage.setHeight(height);
        } else {
            stage.sizeToScene();
        }
        stage.show();
        stage.toFront();
    }

    /// FX thread only.
    public static void write(Scene scene, String name) {
        WritableImage image = scene.snapshot(null);
        assertThat(cutOff(scene.getRoot())).as("texts that are cut off").isEmpty();
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, image.getPixelReader().getArgb(x, y));
            }
        }
        try {
            write(picture, Path.of(System.getProperty("nearhand.target", "target"), "windows", name + ".png"));
            if (System.getProperty("nearhand.pictures", "").equals("docs")) {
                write(picture, Path.of(System.getProperty("nearhand.root"), "docs", "images", name + ".png"));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The visible labels and buttons of which less is shown than they say.
    private static List<String> cutOff(Node node) {
        List<String> found = new ArrayList<>();
        if (node.isVisible() && node instanceof Labeled labeled && labeled.lookup(".text") instanceof Text shown) {
            String all = letters(labeled.getText());
            if (labeled.isMnemonicParsing()) {
                all = all.replaceFirst("_", "");
            }
            if (!letters(shown.getText()).equals(all)) {
                found.add(shown.getText());
            }
        }
        if (node.isVisible() && node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> found.addAll(cutOff(child)));
        }
        return found;
    }

    private static String letters(@Nullable String text) {
        return text == null ? "" : text.replaceAll("\\s", "");
    }

    private static void write(BufferedImage picture, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        ImageIO.write(picture, "png", file.toFile());
    }
}
