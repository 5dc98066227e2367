package dev.nearhand.app.session;

import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.input.InputInjector;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The inject thread: does what the viewer does, and lets go of everything when the viewer is gone.
///
/// While a key or button is held, the viewer says so every 200 ms; after [#SILENCE_LIMIT_MILLIS] without a word of it
/// everything is released, because a viewer that was killed cannot send a release.
final class InputThread {
    static final long SILENCE_LIMIT_MILLIS = 700;

    private static final Logger LOG = LoggerFactory.getLogger(InputThread.class);
    private static final long HELD_POLL_MILLIS = 50;
    private static final long IDLE_POLL_MILLIS = 60_000;
    private static final long STOP_LIMIT_MILLIS = 1_000;

    private final Supplier<InputInjector> open;
    private final LongSupplier millisSinceHeard;
    private final Consumer<String> failed;
    private final Counters counters;
    private final InputQueue queue = new InputQueue();
    private final Thread thread;

    /// @param millisSinceHeard how long nothing has come from the viewer
    /// @param failed told once when this machine takes no input, with a sentence for a person
    InputThread(
            Supplier<InputInjector> open, LongSupplier millisSinceHeard, Consumer<String> failed, Counters counters) {
        this.open = open;
        this.millisSinceHeard = millisSinceHeard;
        this.failed = failed;
        this.counters = counters;
        this.thread = Thread.ofPlatform().daemon().name("nearhand-inject").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void inject(InputEvent event) {
        queue.inject(event);
    }

    void releaseAll() {
        queue.releaseAll();
    }

    /// Releases everything and ends the thread; waits for that, but not for ever.
    void stop() {
        thread.interrupt();
        if (Thread.currentThread() != thread) {
            SessionThreads.join(thread, STOP_LIMIT_MILLIS);
        }
    }

    private void run() {
        try (InputInjector injector = open.get()) {
            while (!Thread.currentThread().isInterrupted()) {
                boolean holding = !injector.held().isEmpty();
                queue.take(holding ? HELD_POLL_MILLIS : IDLE_POLL_MILLIS).ifPresent(step -> perform(injector, step));
                if (holding && millisSinceHeard.getAsLong() >= SILENCE_LIMIT_MILLIS) {
                    LOG.info("released everything: the viewer has gone silent while holding a key or button");
                    counters.count("input.releasedForSilence");
                    injector.releaseAll();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (InputException failure) {
            LOG.info("no input on this machine: {}", failure.getMessage());
            failed.accept(String.valueOf(failure.getMessage()));
        } catch (RuntimeException | LinkageError failure) {
            LOG.error("the inject thread has failed", failure);
            failed.accept("Input on this machine has failed; it can only be viewed.");
        }
        counters.count("input.overflows", queue.overflows());
    }

    private void perform(InputInjector injector, InputQueue.Step step) {
        switch (step) {
            case InputQueue.Step.Inject(InputEvent event) -> {
                injector.inject(event);
                counters.count("input.injected");
            }
            case InputQueue.Step.ReleaseAll() -> injector.releaseAll();
        }
    }
}
