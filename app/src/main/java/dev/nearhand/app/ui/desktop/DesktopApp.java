package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.ui.Theme;
import dev.nearhand.app.ui.video.CharToCodePoint;
import dev.nearhand.capture.DisplayWatch;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Logger;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import javafx.stage.WindowEvent;

/// The JavaFX application. Lives until its last window is closed; FX thread only, but for [#launch].
public final class DesktopApp extends Application {
    /// When this property is set, the program says how long its first window took and ends; how the start is measured
    /// and how the JDK's ahead-of-time cache is trained.
    static final String MEASURE_PROPERTY = "nearhand.measureStart";

    private static final AtomicReference<Consumer<DesktopApp>> FIRST_WINDOW = new AtomicReference<>(_ -> {});
    private static final AtomicReference<CharToCodePoint> CHARACTERS = new AtomicReference<>(reported -> reported);
    /// Says that JavaFX lies on the class path, which it does on purpose when the program runs from its build.
    private static final Logger JAVAFX_LOG = Logger.getLogger("javafx");

    private static final AtomicInteger EXIT_CODE = new AtomicInteger();
    private static final AtomicReference<Runnable> TOOLKIT_RUNS = new AtomicReference<>(() -> {});
    private static final DisplayLoss DISPLAY_LOSS = new DisplayLoss();

    /// Opens the first window and waits until the last one is closed.
    ///
    /// @param firstWindow run on the FX thread
    /// @return the exit code of the program
    static int launch(Consumer<DesktopApp> firstWindow) {
        FIRST_WINDOW.set(firstWindow);
        JAVAFX_LOG.setFilter(line -> !String.valueOf(line.getMessage()).startsWith("Unsupported JavaFX configuration"));
        // before the toolkit: GTK complains about X error handlers that come after its own
        try (LocalCharacters typed = new LocalCharacters();
                DisplayWatch watch = DISPLAY_LOSS.watch()) {
            CHARACTERS.set(typed);
            TOOLKIT_RUNS.set(watch::toolkitRuns);
            Application.launch(DesktopApp.class);
        }
        return EXIT_CODE.get();
    }

    @Override
    public void start(Stage unused) {
        Objects.requireNonNull(TOOLKIT_RUNS.get()).run();
        Theme.follow();
        Objects.requireNonNull(FIRST_WINDOW.get()).accept(this);
    }

    /// The program shall end with this code when its windows are gone.
    void exitWith(int code) {
        EXIT_CODE.set(code);
    }

    /// Sessions to be ended when the display goes away.
    DisplayLoss displayLoss() {
        return DISPLAY_LOSS;
    }

    /// A window with the program's icon and style, not yet shown.
    Stage newStage(String title) {
        Stage stage = new Stage();
        stage.setTitle(title);
        stage.getIcons().add(Theme.icon());
        return stage;
    }

    /// How characters that are typed on this machine arrive whole.
    CharToCodePoint characters() {
        return Objects.requireNonNull(CHARACTERS.get());
    }

    static void measureStart(Stage stage) {
        if (Boolean.getBoolean(MEASURE_PROPERTY)) {
            stage.addEventHandler(
                    WindowEvent.WINDOW_SHOWN,
                    _ -> Platform.runLater(() -> {
                        // that of the process is known to the second only on Linux, by when the system began
                        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
                        System.out.println("first window " + (System.currentTimeMillis() - started)
                                + " ms after the start of the JVM");
                        Platform.exit();
                    }));
        }
    }
}
