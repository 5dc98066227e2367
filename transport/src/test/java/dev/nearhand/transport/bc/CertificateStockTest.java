package dev.nearhand.transport.bc;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class CertificateStockTest {
    private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final List<BcCertificate> made = new ArrayList<>();
    private Instant now = START;

    private final CertificateStock stock = new CertificateStock(
            at -> {
                BcCertificate certificate = BcCertificate.generate(random, at);
                made.add(certificate);
                return certificate;
            },
            () -> now,
            background::add);

    private void runBackground() {
        for (Runnable task = background.poll(); task != null; task = background.poll()) {
            task.run();
        }
    }

    @Test
    void handsOutWhatWasMadeAheadAndNothingTwice() {
        BcCertificate first = stock.take();
        runBackground();
        assertThat(made).hasSize(2);

        BcCertificate second = stock.take();
        assertThat(made).as("nothing was made while it was waited for").hasSize(2);
        BcCertificate third = stock.take();

        assertThat(List.of(first.fingerprint(), second.fingerprint(), third.fingerprint()))
                .doesNotHaveDuplicates();
        assertThat(second).isSameAs(made.get(1));
    }

    @Test
    void makesOneAheadAtATime() {
        stock.take();
        stock.take();

        assertThat(background).hasSize(1);
        runBackground();
        assertThat(made).hasSize(3);
    }

    @Test
    void throwsAwayOneThatHasWaitedForADay() {
        stock.take();
        runBackground();
        now = START.plus(Duration.ofDays(1));

        BcCertificate taken = stock.take();

        assertThat(taken).isSameAs(made.get(2));
    }

    @Test
    void makesTheNextOneAfterOneThatCouldNotBeMade() {
        CertificateStock failing = new CertificateStock(
                at -> {
                    if (made.size() == 1) {
                        made.add(made.getFirst());
                        throw new IllegalStateException("no random numbers");
                    }
                    BcCertificate certificate = BcCertificate.generate(random, at);
                    made.add(certificate);
                    return certificate;
                },
                () -> now,
                task -> {
                    try {
                        task.run();
                    } catch (IllegalStateException expected) {
                        background.add(task);
                    }
                });
        failing.take();
        assertThat(background).hasSize(1);

        failing.take();

        assertThat(made).hasSize(4);
    }
}
