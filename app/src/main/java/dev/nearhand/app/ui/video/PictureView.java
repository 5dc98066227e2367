package dev.nearhand.app.ui.video;

import java.util.List;
import javafx.scene.Group;
import javafx.scene.image.ImageView;

/// The node that shows a [PictureBuffer]. FX thread.
///
/// JavaFX paints a whole node when one pixel of it changes, 11 ms for 1080p in software. So where every pixel of the
/// picture covers whole pixels of the screen, each band of rows is a node of its own; a typed letter costs one band. A
/// smoothly scaled picture is one node, because bands would show their seams.
final class PictureView extends Group {
    private final ImageView whole = new ImageView();
    private List<ImageView> bands = List.of();
    private List<PictureBuffer.Band> shown = List.of();

    PictureView() {
        setManaged(false);
        setAutoSizeChildren(false);
        whole.setSmooth(true);
        getChildren().add(whole);
    }

    void show(PictureBuffer buffer) {
        shown = buffer.bands();
        whole.setImage(buffer.image());
        bands = shown.stream().map(band -> new ImageView(band.image())).toList();
        bands.forEach(band -> band.setSmooth(false));
        getChildren().setAll(bands);
        getChildren().add(whole);
    }

    /// @param scale points of the screen for a pixel of the picture
    /// @param wholePixels whether that is a whole number of the screen's pixels
    void resize(double width, double height, double scale, boolean wholePixels) {
        whole.setFitWidth(width);
        whole.setFitHeight(height);
        whole.setVisible(!wholePixels);
        for (int index = 0; index < bands.size(); index++) {
            ImageView view = bands.get(index);
            PictureBuffer.Band band = shown.get(index);
            view.setFitWidth(width);
            view.setFitHeight(band.rows() * scale);
            view.setLayoutY(band.top() * scale);
            view.setVisible(wholePixels);
        }
    }
}
