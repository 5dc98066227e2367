package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostedChangesTest {
    @Test
    void whatWaitsIsDoneInOrderAndInFewTurnsBetweenWhichOthersHaveTheirs() throws Exception {
        EventLoop loop = EventLoops.next();
        LoopCalls calls = LoopCalls.of(loop);
        CountDownLatch free = new CountDownLatch(1);
        List<Object> done = new ArrayList<>(); // of the loop, until the last latch
        List<Integer> turns = new ArrayList<>();
        PostedChanges changes = new PostedChanges(calls, turn -> {
            turns.add(turn.size());
            turn.forEach(Runnable::run);
        });
        calls.ask(() -> awaitUninterruptibly(free));
        for (int i = 0; i < 100; i++) {
            int number = i;
            changes.post(() -> done.add(number));
        }
        calls.ask(() -> done.add("other"));
        CountDownLatch all = new CountDownLatch(1);
        changes.post(all::countDown);
        free.countDown();
        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(turns).containsExactly(64, 37);
        assertThat(done).hasSize(101);
        assertThat(done.get(64)).isEqualTo("other");
        done.remove(64);
        for (int i = 0; i < 100; i++) {
            assertThat(done.get(i)).isEqualTo(i);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
