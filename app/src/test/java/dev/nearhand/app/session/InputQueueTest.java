package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.session.InputQueue.Step;
import dev.nearhand.capture.input.InputEvent;
import org.junit.jupiter.api.Test;

class InputQueueTest {
    private final InputQueue queue = new InputQueue();

    @Test
    void movesThatFollowEachOtherReplaceEachOther() throws InterruptedException {
        queue.inject(new InputEvent.PointerMove(1, 1));
        queue.inject(new InputEvent.PointerMove(2, 2));
        queue.inject(new InputEvent.PointerButton(1, true));
        queue.inject(new InputEvent.PointerMove(3, 3));

        assertThat(queue.take(0)).contains(new Step.Inject(new InputEvent.PointerMove(2, 2)));
        assertThat(queue.take(0)).contains(new Step.Inject(new InputEvent.PointerButton(1, true)));
        assertThat(queue.take(0)).contains(new Step.Inject(new InputEvent.PointerMove(3, 3)));
        assertThat(queue.take(0)).isEmpty();
    }

    @Test
    void aFullQueueReleasesEverythingInsteadOfLosingARelease() throws InterruptedException {
        for (int i = 0; i <= InputQueue.LIMIT; i++) {
            queue.inject(new InputEvent.Key("KeyA", i % 2 == 0));
        }

        assertThat(queue.take(0)).contains(new Step.ReleaseAll());
        assertThat(queue.take(0)).isEmpty();
        assertThat(queue.overflows()).isEqualTo(1);
    }

    @Test
    void releasingEverythingForgetsWhatWaits() throws InterruptedException {
        queue.inject(new InputEvent.Key("KeyA", true));
        queue.releaseAll();

        assertThat(queue.take(0)).contains(new Step.ReleaseAll());
        assertThat(queue.take(0)).isEmpty();
    }
}
