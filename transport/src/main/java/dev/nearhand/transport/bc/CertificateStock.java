package dev.nearhand.transport.bc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One certificate that was made ahead, so that a connection need not wait for its own. Each is handed out once.
///
/// Any thread may take one; it is made where none is ready.
final class CertificateStock {
    /// One that has lain here for longer is thrown away: its dates are those of the day it was made on.
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private record Made(BcCertificate certificate, Instant at) {}

    private final Function<Instant, BcCertificate> maker;
    private final InstantSource clock;
    private final Executor background;
    private final AtomicReference<@Nullable Made> ready = new AtomicReference<>();
    private final AtomicBoolean isMaking = new AtomicBoolean();

    /// @param maker is told the time; any thread
    /// @param background where the next one is made
    CertificateStock(Function<Instant, BcCertificate> maker, InstantSource clock, Executor background) {
        this.maker = maker;
        this.clock = clock;
        this.background = background;
    }

    /// One that nobody else has, and has the next one made.
    BcCertificate take() {
        Made made = ready.getAndSet(null);
        Instant now = clock.instant();
        BcCertificate taken =
                made != null && now.isBefore(made.at.plus(LONGEST_WAIT)) ? made.certificate : maker.apply(now);
        if (isMaking.compareAndSet(false, true)) {
            try {
                background.execute(this::make);
            } catch (RejectedExecutionException ending) {
                isMaking.set(false);
            }
        }
        return taken;
    }

    private void make() {
        try {
            Instant now = clock.instant();
            ready.set(new Made(maker.apply(now), now));
        } finally {
            isMaking.set(false);
        }
    }
}
