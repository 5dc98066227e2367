package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.time.TimerTable;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On a loop whose time stands still until it is told otherwise.
class LoopTimerTest {
    private static final long SECOND = 1_000_000_000;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Long> fired = new ArrayList<>();
    private long now;
    private final LoopTimer timer = new LoopTimer(channel.eventLoop(), () -> now, fired::add);

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.unfreezeTime();
        channel.close();
    }

    /// How long the loop would sleep after that, -1 for ever.
    private long advance(long nanos) {
        now += nanos;
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        return channel.runScheduledPendingTasks();
    }

    @Test
    void firesOnceAtItsTime() {
        timer.wakeAt(SECOND);
        assertThat(advance(SECOND - 1)).isEqualTo(1);
        assertThat(fired).isEmpty();
        assertThat(advance(1)).isEqualTo(-1);
        assertThat(fired).containsExactly(SECOND);
    }

    @Test
    void theSoonerTimeCounts() {
        timer.wakeAt(2 * SECOND);
        timer.wakeAt(SECOND);
        assertThat(advance(SECOND)).isEqualTo(-1);
        assertThat(fired).containsExactly(SECOND);
    }

    @Test
    void putOffForALittleItLooksAgain() {
        timer.wakeAt(SECOND);
        timer.wakeAt(SECOND + 100);
        assertThat(advance(SECOND)).as("woken too early").isEqualTo(100);
        assertThat(fired).isEmpty();
        advance(100);
        assertThat(fired).containsExactly(SECOND + 100);
    }

    @Test
    void putOffForLongTheLoopSleepsUntilThen() {
        timer.wakeAt(SECOND);
        timer.wakeAt(6 * SECOND);
        assertThat(advance(0)).isEqualTo(6 * SECOND);
        assertThat(advance(6 * SECOND)).isEqualTo(-1);
        assertThat(fired).containsExactly(6 * SECOND);
    }

    @Test
    void whatIsNoLongerWantedWakesNobody() {
        timer.wakeAt(SECOND);
        timer.wakeAt(TimerTable.NEVER);
        assertThat(advance(0)).isEqualTo(-1);
        assertThat(advance(SECOND)).isEqualTo(-1);
        assertThat(fired).isEmpty();
    }
}
