package dev.nearhand.capture.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.pipeline.StageTimings.Snapshot;
import dev.nearhand.capture.pipeline.StageTimings.Stage;
import org.junit.jupiter.api.Test;

class StageTimingsTest {
    private final StageTimings timings = new StageTimings();

    @Test
    void nothingIsKnownBeforeTheFirstPicture() {
        assertThat(timings.snapshot()).isEmpty();
        assertThat(timings.snapshot(Stage.ENCODE)).isEqualTo(new Snapshot(0, 0, 0, 0));
    }

    @Test
    void percentilesAreThoseOfTheNearestRank() {
        for (int value = 100; value >= 1; value--) {
            timings.record(Stage.ENCODE, value);
        }
        assertThat(timings.snapshot(Stage.ENCODE)).isEqualTo(new Snapshot(100, 50, 95, 100));
        assertThat(timings.snapshot()).containsOnlyKeys(Stage.ENCODE);
    }

    @Test
    void oldPicturesAreForgottenButCounted() {
        timings.record(Stage.DECODE, 1_000_000);
        for (int index = 0; index < StageTimings.WINDOW; index++) {
            timings.record(Stage.DECODE, 5);
        }
        assertThat(timings.snapshot(Stage.DECODE)).isEqualTo(new Snapshot(StageTimings.WINDOW + 1, 5, 5, 5));
    }
}
