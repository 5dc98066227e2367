package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateMeterTest {
    private final RateMeter meter = new RateMeter();

    @Test
    void countsTheLastSecondOnly() {
        for (int tenth = 0; tenth < 30; tenth++) {
            meter.add(TimeUnit.MILLISECONDS.toNanos(100L * tenth), 3);
        }

        assertThat(meter.perSecond(TimeUnit.MILLISECONDS.toNanos(2_950))).isEqualTo(30);
        assertThat(meter.perSecond(TimeUnit.MILLISECONDS.toNanos(3_450))).isEqualTo(15);
        assertThat(meter.perSecond(TimeUnit.SECONDS.toNanos(60))).isZero();
    }

    @Test
    void worksWithClocksThatBeginAnywhere() {
        meter.add(-5_000_000_000L, 7);

        assertThat(meter.perSecond(-4_900_000_000L)).isEqualTo(7);
        assertThat(meter.perSecond(-3_000_000_000L)).isZero();
    }
}
