package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.connect.ScreenView;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.app.ui.Theme;
import dev.nearhand.app.ui.viewer.ViewerActions;
import dev.nearhand.app.ui.viewer.ViewerView;
import dev.nearhand.app.ui.viewer.ViewerViewModel;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import dev.nearhand.capture.screen.Rect;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.PauseTransition;
import javafx.animation.Timeline;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/// A window on another screen, with its session. FX thread only; what the session reports is handed over.
final class ViewerWindow implements ViewerActions {
    /// Told how connecting goes while the window is not yet there.
    interface Progress {
        void stage(String sentence);

        void live();

        void failed(String sentence);
    }

    /// When the window closes by itself.
    ///
    /// @param after so long after the first picture
    /// @param snapshot where the last picture goes then, as PNG
    record Ending(Optional<Duration> after, Optional<Path> snapshot) {
        static final Ending BY_HAND = new Ending(Optional.empty(), Optional.empty());
    }

    private final Function<ViewerListener, RemoteScreen> connector;
    private final Ending ending;
    private final DesktopApp application;
    private final ViewerViewModel model;
    private final ViewerView view;
    private final Stage stage;
    private final Timeline statistics;
    private @Nullable RemoteScreen session;
    private @Nullable Progress progress;
    private @Nullable PauseTransition closing;
    private boolean sized;

    ViewerWindow(ViewOptions options, Ending ending, DesktopApp application) {
        this(options.target().shown(), listener -> ScreenView.connect(options, listener), ending, application);
    }

    /// @param place what is looked at, as a person knows it
    /// @param connector begins to connect
    ViewerWindow(
            String place, Function<ViewerListener, RemoteScreen> connector, Ending ending, DesktopApp application) {
        this.connector = connector;
        this.ending = ending;
        this.application = application;
        this.model = new ViewerViewModel(place, this);
        this.stage = application.newStage("Nearhand");
        stage.titleProperty().bind(model.titleProperty().concat(" – Nearhand"));
        this.view = new ViewerView(model, stage::close);
        this.statistics = new Timeline(new KeyFrame(javafx.util.Duration.seconds(1), _ -> showStatistics()));
        statistics.setCycleCount(Animation.INDEFINITE);
    }

    /// Shows the window at once; it says itself what happens.
    void open() {
        show();
        start();
    }

    /// Shows the window with the first picture.
    void openWhenLive(Progress observer) {
        progress = observer;
        start();
    }

    /// Gives up before the window is there.
    void cancel() {
        progress = null;
        endSession();
        Platform.runLater(stage::close);
    }

    @Override
    public void disconnect() {
        endSession();
    }

    @Override
    public void viewOnly(boolean viewOnly) {
        RemoteScreen running = session;
        if (viewOnly && running != null) {
            running.releaseAll();
        }
    }

    private void start() {
        RemoteScreen started = connector.apply(new Reports());
        session = started;
        if (!started.canBeSteered()) {
            model.seenOnly();
        }
        application.displayLoss().ends(started, started::close);
        view.surface().setRemoteInput(new SessionInput(started));
        view.surface().setOnFirstPicture(this::firstPicture);
    }

    private void show() {
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        Scene scene = new Scene(view.root(), Math.min(1000, screen.getWidth()), Math.min(680, screen.getHeight()));
        scene.getStylesheets().add(Theme.STYLESHEET);
        stage.setScene(scene);
        stage.setFullScreenExitHint("Press F11 to leave the full screen.");
        stage.setFullScreenExitKeyCombination(javafx.scene.input.KeyCombination.NO_MATCH);
        model.fullScreenProperty().addListener((_, _, now) -> stage.setFullScreen(now));
        stage.fullScreenProperty()
                .addListener((_, _, now) -> model.fullScreenProperty().set(now));
        stage.setOnHidden(_ -> closed());
        view.surface().setCharacters(application.characters());
        statistics.play();
        stage.show();
        view.surface().requestFocus();
    }

    private void closed() {
        statistics.stop();
        endSession();
    }

    private void endSession() {
        RemoteScreen running = session;
        session = null;
        if (running != null) {
            application.displayLoss().forget(running);
            Thread.ofVirtual().name("viewer-close").start(running::close);
        }
    }

    private void firstPicture() {
        model.live();
        Progress observer = progress;
        if (observer != null) {
            progress = null;
            observer.live();
            show();
        }
        sizeToPicture();
        ending.after().ifPresent(this::closeAfter);
    }

    /// The window takes the size of the remote screen where that fits on this one.
    private void sizeToPicture() {
        if (sized) {
            return;
        }
        sized = true;
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        double scale = stage.getOutputScaleX();
        double edges = stage.getHeight() - view.surface().getHeight();
        stage.setWidth(Math.min(screen.getWidth(), view.surface().pictureWidth() / scale));
        stage.setHeight(Math.min(screen.getHeight(), view.surface().pictureHeight() / scale + edges));
        stage.setX(Math.max(screen.getMinX(), Math.min(stage.getX(), screen.getMaxX() - stage.getWidth())));
        stage.setY(Math.max(screen.getMinY(), Math.min(stage.getY(), screen.getMaxY() - stage.getHeight())));
    }

    private void closeAfter(Duration after) {
        PauseTransition pause = new PauseTransition(javafx.util.Duration.millis(after.toMillis()));
        closing = pause;
        pause.setOnFinished(_ -> {
            ending.snapshot().ifPresent(this::writePicture);
            stage.close();
        });
        pause.play();
    }

    private void writePicture(Path file) {
        try {
            view.surface().writePicture(file);
        } catch (UncheckedIOException failure) {
            System.err.println(failure.getMessage() + "; choose a folder that exists and can be written to.");
            application.exitWith(1);
        }
    }

    private void showStatistics() {
        RemoteScreen running = session;
        if (running != null) {
            SessionStats stats = running.stats();
            model.statistics(stats.words(), stats.line().replace(" · ", "\n"));
        }
    }

    private void onState(ViewerState state, String sentence) {
        switch (state) {
            case CONNECTING -> {
                model.stage(sentence);
                if (progress != null) {
                    progress.stage(sentence);
                }
            }
            case LIVE -> {
                if (view.surface().pictureWidth() > 0) {
                    model.live();
                }
            }
            case SILENT -> model.silent(sentence);
            case ENDED -> ended(sentence);
        }
    }

    private void ended(String sentence) {
        boolean early = view.surface().pictureWidth() == 0;
        model.ended(sentence);
        endSession();
        if (progress != null) {
            progress.failed(sentence);
            progress = null;
        }
        if (ending.after().isPresent() && closing == null && early) {
            application.exitWith(1);
            System.err.println(sentence);
            stage.close();
        }
    }

    /// Hands what the session reports to the FX thread; pictures go to the surface at once.
    private final class Reports implements ViewerListener {
        @Override
        public void onState(ViewerState state, String sentence) {
            Platform.runLater(() -> ViewerWindow.this.onState(state, sentence));
        }

        @Override
        public void onPicture(DecodedPicture picture) {
            view.surface().offerPicture(picture.bgra(), picture.width(), picture.height(), picture.strideBytes());
        }

        @Override
        public void onPlaces(DecodedPicture picture, List<Rect> changed) {
            Rect around = changed.stream().reduce(Rect.ofSize(0, 0), Rect::boundsWith);
            view.surface()
                    .offerRows(
                            picture.bgra(),
                            picture.width(),
                            picture.height(),
                            picture.strideBytes(),
                            around.y(),
                            around.height());
        }

        @Override
        public void onCursorShape(CursorShape shape) {
            Platform.runLater(
                    () -> view.surface().setCursorShape(CursorImages.of(shape), shape.hotspotX(), shape.hotspotY()));
        }

        @Override
        public void onCursorPosition(CursorPosition position) {
            Platform.runLater(() -> view.surface().setCursorPosition(position.x(), position.y(), position.visible()));
        }

        @Override
        public void onHostName(String name) {
            Platform.runLater(() -> model.hostNamed(name));
        }

        @Override
        public void onControl(boolean allowed) {
            Platform.runLater(() -> model.granted(allowed));
        }
    }
}
