package dev.nearhand.capture;

import dev.nearhand.capture.x11.ConnectionWatch;
import dev.nearhand.capture.x11.X11Exception;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a program with windows that its display is gone, before the toolkit ends the process without a word. Only X11
/// displays go while programs run on them; elsewhere this does nothing. Any thread.
public final class DisplayWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DisplayWatch.class);

    private final @Nullable ConnectionWatch connection;

    private DisplayWatch(@Nullable ConnectionWatch connection) {
        this.connection = connection;
    }

    /// Watches nothing: for windows without a display.
    public static DisplayWatch none() {
        return new DisplayWatch(null);
    }

    /// To be called before the toolkit starts.
    ///
    /// @param lost run at most once, on a thread of its own; it has to end the process, whose windows may hang
    public static DisplayWatch start(Runnable lost) {
        if (!ScreenSources.onX11() || !ScreenSources.displayExpected("")) {
            return none();
        }
        try {
            return new DisplayWatch(ConnectionWatch.start("", lost));
        } catch (X11Exception | LinkageError failure) {
            LOG.info("nobody watches whether the display stays: {}", failure.getMessage());
            return none();
        }
    }

    /// To be called when the toolkit runs.
    public void toolkitRuns() {
        if (connection != null) {
            connection.stayInFront();
        }
    }

    /// Ends the process of which the display is gone, whatever hangs in it; nothing that was to run at its end runs.
    public static void endProcess(int code) {
        if (ScreenSources.onX11()) {
            ConnectionWatch.endProcess(code);
        }
        Runtime.getRuntime().halt(code);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
