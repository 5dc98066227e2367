package dev.nearhand.app.ui.desktop;

import dev.nearhand.capture.screen.CursorShape;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

/// From the remote cursor's pixels to an image.
final class CursorImages {
    private CursorImages() {}

    static Image of(CursorShape shape) {
        WritableImage image = new WritableImage(shape.width(), shape.height());
        image.getPixelWriter()
                .setPixels(
                        0,
                        0,
                        shape.width(),
                        shape.height(),
                        PixelFormat.getByteBgraPreInstance(),
                        shape.bgraPremultiplied(),
                        0,
                        shape.width() * 4);
        return image;
    }
}
