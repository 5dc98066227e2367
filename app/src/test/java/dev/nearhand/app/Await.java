package dev.nearhand.app;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/// Waits for what another thread brings about.
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Await() {}

    /// Fails when `condition` does not come true.
    public static void until(String what, BooleanSupplier condition) {
        until(what, condition, () -> "");
    }

    /// @param found said when it fails
    public static void until(String what, BooleanSupplier condition, Supplier<String> found) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                Assertions.fail("not within " + LIMIT.toSeconds() + " s: " + what + " " + found.get());
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                Assertions.fail("interrupted while waiting: " + what);
            }
        }
    }
}
