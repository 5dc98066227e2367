package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimWorld;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Two agents over hundreds of bad networks, each reproducible from its seed.
class IceSimulationTest {
    private static final int SEEDS = 250;

    /// One draw of the lot: network, addresses, roles, and who learns of whom when.
    private static final class Draw {
        final SimWorld world;
        final SimAgent a;
        final SimAgent b;

        Draw(long seed, IceRole roleOfA, IceRole roleOfB, double lopsidedMillis) {
            world = new SimWorld(seed);
            RandomGenerator random = world.random();
            SimHost hostA = random.nextBoolean()
                    ? world.host("a", "192.0.2.1", "2001:db8::1")
                    : world.host("a", "192.0.2.1", "2001:db8::1", "198.51.100.1", "10.0.0.1");
            SimHost hostB = random.nextBoolean()
                    ? world.host("b", "192.0.2.2", "2001:db8::2")
                    : world.host("b", "192.0.2.2", "203.0.113.2");
            world.oneWay(hostA, hostB, LinkProfile.rough(random));
            world.oneWay(hostB, hostA, LinkProfile.rough(random));
            a = new SimAgent(world, hostA, roleOfA);
            b = new SimAgent(world, hostB, roleOfB);
            b.learnsOf(a);
            a.learnsOfAfterMillis(b, random.nextDouble() * lopsidedMillis);
        }

        void connects(long seed) {
            boolean completed = world.runUntil(() -> a.isCompleted() && b.isCompleted(), 15_000);
            assertThat(completed)
                    .as("seed %d:\n%s", seed, completed ? "" : world.trace())
                    .isTrue();
            world.runForMillis(3_000);
            assertThat(a.mirroredPath()).as("seed %d", seed).isEqualTo(b.agent.selectedPath());
            assertThat(a.agent.role()).as("seed %d", seed).isNotEqualTo(b.agent.role());
        }
    }

    @Test
    void bothSidesCompleteOnTheSamePathUnderLossReorderingDuplicationAndDelay() {
        for (long seed = 0; seed < SEEDS; seed++) {
            new Draw(seed, IceRole.CONTROLLING, IceRole.CONTROLLED, 1).connects(seed);
        }
    }

    @Test
    void checksThatComeLongBeforeTheOtherSidesCredentialsAreAnsweredAndRemembered() {
        for (long seed = 1_000; seed < 1_000 + SEEDS; seed++) {
            boolean even = seed % 2 == 0;
            new Draw(
                            seed,
                            even ? IceRole.CONTROLLING : IceRole.CONTROLLED,
                            even ? IceRole.CONTROLLED : IceRole.CONTROLLING,
                            3_000)
                    .connects(seed);
        }
    }

    @Test
    void twoThatBothWantToControlOrBothDoNotAgreeInTheEnd() { // wire case 15
        for (long seed = 2_000; seed < 2_000 + SEEDS; seed++) {
            IceRole role = seed % 2 == 0 ? IceRole.CONTROLLING : IceRole.CONTROLLED;
            new Draw(seed, role, role, 200).connects(seed);
        }
    }

    @Test
    void consentHoldsForTenMinutesOfABadLine() {
        for (long seed = 3_000; seed < 3_020; seed++) {
            Draw draw = new Draw(seed, IceRole.CONTROLLING, IceRole.CONTROLLED, 1);
            draw.connects(seed);
            draw.world.runForMillis(600_000);
            assertThat(draw.a.states()).as("seed %d", seed).doesNotContain(IceState.FAILED);
            assertThat(draw.b.states()).as("seed %d", seed).doesNotContain(IceState.FAILED);
        }
    }

    @Test
    void theSameSeedReplaysTheSameHour() {
        assertThat(traceOf(42)).isEqualTo(traceOf(42)).isNotEqualTo(traceOf(43));
    }

    private static long traceOf(long seed) {
        Draw draw = new Draw(seed, IceRole.CONTROLLED, IceRole.CONTROLLED, 500);
        draw.world.runForMillis(20_000);
        return draw.world.traceHash();
    }
}
