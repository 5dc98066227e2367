package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SessionStatsTest {
    @Test
    void saysTheMainFiguresInEverydayWords() {
        assertThat(stats(1920, 26.2, 1_190, Duration.ofMillis(5)).words())
                .isEqualTo("1920×1080 · 26 pictures a second · 5 ms away · 1.2 Mbit/s");
        assertThat(stats(1920, 0, 0, Duration.ofNanos(300_000)).words())
                .isEqualTo("1920×1080 · nothing moves · less than 1 ms away · 0 kbit/s");
        assertThat(stats(1920, 1, 40, Duration.ZERO).words()).isEqualTo("1920×1080 · 1 picture a second · 40 kbit/s");
    }

    @Test
    void saysNothingBeforeTheFirstPicture() {
        assertThat(stats(0, 0, 0, Duration.ZERO).words()).isEmpty();
    }

    private static SessionStats stats(int width, double pictures, double kbit, Duration roundTrip) {
        return new SessionStats(
                Duration.ofSeconds(9), width, 1080, pictures, kbit, roundTrip, "", new TreeMap<>(), new TreeMap<>());
    }
}
