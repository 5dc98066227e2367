package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InputAgeTest {
    private static final long LATE = InputAge.LIMIT_MILLIS + InputAge.STAMP_EVERY_MILLIS + 1;

    private final InputAge age = new InputAge();

    @Test
    void aViewerThatSaysNoTimeIsNeverLate() {
        assertThat(age.isLate(TimeUnit.HOURS.toMillis(1))).isFalse();
    }

    @Test
    void whatIsDeliveredAtOnceIsInTimeWhateverTheClocksSay() {
        age.stamp(5, 1_000_000);
        assertThat(age.isLate(1_000_000)).isFalse();
        age.stamp(10_005, 1_010_000);
        assertThat(age.isLate(1_010_000)).isFalse();
    }

    @Test
    void whatComesLongAfterItsTimeIsLate() {
        age.stamp(0, 1_000);
        age.stamp(10_000, 11_000 + LATE + 10);
        assertThat(age.isLate(11_000 + LATE + 10)).isTrue();
    }

    @Test
    void whatFollowsAStampThatCameInTimeIsLateWhenItComesLater() {
        age.stamp(0, 1_000);
        assertThat(age.isLate(1_000 + InputAge.STAMP_EVERY_MILLIS)).isFalse();
        assertThat(age.isLate(1_000 + LATE + 10)).isTrue();
    }

    @Test
    void afterADelayTheNextStampCountsAgain() {
        age.stamp(0, 1_000);
        age.stamp(1_000, 32_000);
        assertThat(age.isLate(32_000)).isTrue();
        age.stamp(31_100, 32_100);
        assertThat(age.isLate(32_100)).isFalse();
    }

    @Test
    void clocksMayDriftForHours() {
        age.stamp(0, 0);
        long hours = TimeUnit.HOURS.toMillis(8);
        age.stamp(hours, hours + hours / 5_000); // 200 in a million
        assertThat(age.isLate(hours + hours / 5_000)).isFalse();
    }
}
