package dev.nearhand.app.ui.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.application.Platform;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.ImageCursor;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/// Draws the newest picture and the remote cursor, and turns pointer and keyboard into [RemoteInput].
///
/// [#offerPicture] may be called by any thread: pictures that come faster than the screen's pulse replace each other.
/// Everything else belongs to the FX thread. Knows nothing of sessions.
public final class VideoSurface extends Region {
    private final PictureView picture = new PictureView();
    private final ImageView cursor = new ImageView();
    private final AtomicBoolean presentScheduled = new AtomicBoolean();
    private final ObjectProperty<Scaling> scaling = new SimpleObjectProperty<>(this, "scaling", Scaling.FIT);
    private final BooleanProperty controlling = new SimpleBooleanProperty(this, "controlling", false);
    private final BooleanProperty dimmed = new SimpleBooleanProperty(this, "dimmed", false);
    private final SurfaceInput input;

    private volatile @Nullable PictureBuffer newest;
    private @Nullable PictureBuffer shown;
    private double cursorX;
    private double cursorY;
    private int hotspotX;
    private int hotspotY;
    private boolean cursorVisible;
    private Runnable onFirstPicture = () -> {};

    public VideoSurface() {
        getStyleClass().add("video-surface");
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setAccessibleText("The remote screen");
        cursor.setManaged(false);
        cursor.setMouseTransparent(true);
        getChildren().addAll(picture, cursor);
        input = new SurfaceInput(this);
        scaling.addListener((_, _, _) -> requestParentLayoutAndOwn());
        controlling.addListener((_, _, _) -> updateCursor());
        hoverProperty().addListener((_, _, _) -> updateCursor());
        dimmed.addListener((_, _, now) -> picture.setOpacity(now ? 0.45 : 1));
    }

    public ObjectProperty<Scaling> scalingProperty() {
        return scaling;
    }

    /// Whether pointer and keyboard go to the remote screen.
    public BooleanProperty controllingProperty() {
        return controlling;
    }

    /// Whether the picture is shown as stale.
    public BooleanProperty dimmedProperty() {
        return dimmed;
    }

    public void setRemoteInput(RemoteInput target) {
        input.setTarget(target);
    }

    /// Mends characters that the toolkit cannot deliver whole.
    public void setCharacters(CharToCodePoint characters) {
        input.setCharacters(characters);
    }

    /// Runs once, when the first picture is on the surface.
    public void setOnFirstPicture(Runnable action) {
        onFirstPicture = action;
    }

    /// Takes a copy of a picture and shows it at the next pulse, unless a newer one comes before.
    ///
    /// @param bgra opaque pixels, 4 bytes each, `height` rows of `strideBytes`
    public void offerPicture(MemorySegment bgra, int width, int height, int strideBytes) {
        PictureBuffer buffer = newest;
        if (buffer == null || !buffer.fits(width, height)) {
            buffer = new PictureBuffer(width, height);
        }
        buffer.stage(bgra, strideBytes);
        schedule(buffer);
    }

    /// As [#offerPicture], for a picture that differs from the one offered before only in the rows from `top` on.
    public void offerRows(MemorySegment bgra, int width, int height, int strideBytes, int top, int rows) {
        PictureBuffer buffer = newest;
        if (buffer == null || !buffer.fits(width, height)) {
            offerPicture(bgra, width, height, strideBytes);
            return;
        }
        buffer.stage(bgra, strideBytes, top, rows);
        schedule(buffer);
    }

    private void schedule(PictureBuffer buffer) {
        newest = buffer;
        if (presentScheduled.compareAndSet(false, true)) {
            Platform.runLater(this::present);
        }
    }

    /// Shows a new shape of the remote cursor.
    ///
    /// @param image its pixels with alpha
    public void setCursorShape(Image image, int newHotspotX, int newHotspotY) {
        cursor.setImage(image);
        hotspotX = newHotspotX;
        hotspotY = newHotspotY;
        updateCursor();
        requestLayout();
    }

    /// Where the remote cursor's hotspot is, in remote pixels.
    public void setCursorPosition(double x, double y, boolean visible) {
        cursorX = x;
        cursorY = y;
        cursorVisible = visible;
        updateCursor();
        requestLayout();
    }

    /// The size of the remote screen in pixels, 0 before the first picture.
    public int pictureWidth() {
        return shown == null ? 0 : shown.width();
    }

    public int pictureHeight() {
        return shown == null ? 0 : shown.height();
    }

    /// The newest picture as a PNG file, in its own size.
    ///
    /// @throws UncheckedIOException when the file cannot be written
    public void writePicture(Path file) {
        PictureBuffer buffer = newest;
        if (buffer != null) {
            try {
                buffer.writePng(file);
            } catch (IOException failure) {
                throw new UncheckedIOException("The picture cannot be written to " + file, failure);
            }
        }
    }

    /// From a point of this node to a pixel of the remote screen, clamped to it.
    int remoteX(double x) {
        return clamp((x - picture.getLayoutX()) / scale(), pictureWidth());
    }

    int remoteY(double y) {
        return clamp((y - picture.getLayoutY()) / scale(), pictureHeight());
    }

    private static int clamp(double value, int size) {
        return (int) Math.clamp(Math.floor(value), 0, Math.max(0, size - 1));
    }

    private void present() {
        presentScheduled.set(false);
        PictureBuffer buffer = newest;
        if (buffer == null) {
            return;
        }
        buffer.present();
        if (buffer != shown) {
            boolean first = shown == null;
            shown = buffer;
            picture.show(buffer);
            requestParentLayoutAndOwn();
            if (first) {
                onFirstPicture.run();
            }
        }
    }

    private void requestParentLayoutAndOwn() {
        requestLayout();
        if (getParent() != null) {
            getParent().requestLayout();
        }
    }

    private double outputScale() {
        return getScene() == null || getScene().getWindow() == null
                ? 1
                : getScene().getWindow().getOutputScaleX();
    }

    private double scale() {
        if (shown == null) {
            return 1;
        }
        if (scaling.get() == Scaling.ONE_TO_ONE) {
            return 1 / outputScale();
        }
        double fit = Math.min(getWidth() / shown.width(), getHeight() / shown.height());
        return fit > 0 ? fit : 1;
    }

    @Override
    protected double computePrefWidth(double height) {
        return scaling.get() == Scaling.ONE_TO_ONE ? pictureWidth() / outputScale() : 0;
    }

    @Override
    protected double computePrefHeight(double width) {
        return scaling.get() == Scaling.ONE_TO_ONE ? pictureHeight() / outputScale() : 0;
    }

    @Override
    protected void layoutChildren() {
        double scale = scale();
        double width = pictureWidth() * scale;
        double height = pictureHeight() * scale;
        double pixel = outputScale();
        boolean wholePixels = Math.abs(scale * pixel - Math.rint(scale * pixel)) <= 1e-6;
        picture.resize(width, height, scale, wholePixels);
        // whole device pixels, or a 1:1 picture would be smeared over two of them
        picture.setLayoutX(Math.floor(Math.max(0, (getWidth() - width) / 2) * pixel) / pixel);
        picture.setLayoutY(Math.floor(Math.max(0, (getHeight() - height) / 2) * pixel) / pixel);
        cursor.setLayoutX(picture.getLayoutX() + (cursorX - hotspotX) * scale);
        cursor.setLayoutY(picture.getLayoutY() + (cursorY - hotspotY) * scale);
        Image shape = cursor.getImage();
        if (shape != null) {
            cursor.setFitWidth(shape.getWidth() * scale);
            cursor.setFitHeight(shape.getHeight() * scale);
        }
    }

    /// While the person steers, the local pointer wears the remote shape and so has no delay; otherwise the remote
    /// pointer is drawn where it is.
    private void updateCursor() {
        boolean steering = controlling.get() && isHover();
        cursor.setVisible(cursorVisible && !steering);
        Image shape = cursor.getImage();
        setCursor(steering && shape != null ? new ImageCursor(shape, hotspotX, hotspotY) : Cursor.DEFAULT);
    }
}
