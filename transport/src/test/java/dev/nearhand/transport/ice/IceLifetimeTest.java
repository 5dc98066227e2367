package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sim.LinkProfile;
import dev.nearhand.transport.sim.NatBehaviour;
import dev.nearhand.transport.sim.SimHost;
import dev.nearhand.transport.sim.SimNat;
import dev.nearhand.transport.sim.SimNode;
import dev.nearhand.transport.sim.SimWorld;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.ProtocolCore;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The life of a path, from the first check to the loss of consent.
class IceLifetimeTest {
    private final SimWorld world = new SimWorld(1);
    private final SimHost hostA = world.host("a", "192.0.2.1", "2001:db8::1");
    private final SimHost hostB = world.host("b", "192.0.2.2", "2001:db8::2");

    private SimAgent a;
    private SimAgent b;

    IceLifetimeTest() {
        a = new SimAgent(world, hostA, IceRole.CONTROLLING);
        b = new SimAgent(world, hostB, IceRole.CONTROLLED);
    }

    private void connect() {
        a.learnsOf(b);
        b.learnsOf(a);
        assertThat(world.runUntil(() -> a.isCompleted() && b.isCompleted(), 1_000))
                .isTrue();
    }

    @Test
    void aGoodNetworkIsConnectedAfterOneRoundTripAndCompletedAfterTwo() {
        connect(); // one millisecond each way
        assertThat(world.now()).isEqualTo(4_000_000);
        assertThat(a.states()).containsExactly(IceState.CHECKING, IceState.CONNECTED, IceState.COMPLETED);
        assertThat(a.node.sent()).as("a check, an answer, a nomination").isEqualTo(3);
        assertThat(a.agent.stats().roundTripNanos()).isEqualTo(2_000_000);
    }

    @Test
    void whoLearnsLastIsCompletedAsFast() {
        b.learnsOf(a);
        world.runForMillis(1_000);
        long start = world.now();
        a.learnsOf(b);
        assertThat(world.runUntil(() -> a.isCompleted() && b.isCompleted(), 1_000))
                .isTrue();
        assertThat(world.now() - start).isLessThanOrEqualTo(5_000_000);
    }

    @Test
    void theOtherFamilyServesWhenTheFirstIsBlocked() {
        world.setDown(InetAddress.ofLiteral("192.0.2.2"), true);
        connect();
        assertThat(a.agent.stats().path()).isEqualTo("host/host udp6");
    }

    @Test
    void pathsAreKnownOnceSomethingAuthenticCameAlong() {
        Path path = new Path(hostA.at(SimAgent.PORT), hostB.at(SimAgent.PORT));
        a.learnsOf(b);
        assertThat(a.agent.isKnownPath(path)).isFalse();
        b.learnsOf(a);
        world.runForMillis(10);
        assertThat(a.agent.isKnownPath(path)).isTrue();
        assertThat(a.agent.isKnownPath(new Path(hostA.at(SimAgent.PORT), hostB.at(9))))
                .isFalse();
    }

    @Test
    void aSideBehindANatIsFoundByItsChecks() {
        SimNat nat = world.nat("198.51.100.1", NatBehaviour.portRestrictedCone());
        SimHost inner = world.hostBehind(nat, "inner", "10.0.0.2");
        a = new SimAgent(world, inner, IceRole.CONTROLLING);
        connect();
        assertThat(b.agent.stats().path()).isEqualTo("host/prflx udp4");
    }

    @Test
    void aLiteAgentIsChecked() {
        SimAgent full = new SimAgent(world, world.host("full", "192.0.2.7"), IceRole.CONTROLLED);
        SimHost liteHost = world.host("lite", "192.0.2.8");
        LiteAgent lite = new LiteAgent("litePasswordOf22Chars+/");
        SimNode<Object> node = liteHost.start(SimAgent.PORT, lite, _ -> {});
        full.node.run(now -> {
            full.agent.remoteIsLite(true);
            full.agent.setRemoteCredentials(now, new IceCredentials("lite", "litePasswordOf22Chars+/"));
            full.agent.addRemoteCandidate(now, Candidate.host(liteHost.at(SimAgent.PORT), 1));
        });
        world.runForMillis(120_000);
        assertThat(full.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(lite.nominations).isPositive();
        assertThat(node.received()).as("consent every five seconds").isBetween(20L, 40L);
    }

    @Test
    void equalTieBreakersPartInTheEnd() { // wire case 15
        for (IceRole role : IceRole.values()) {
            SimWorld other = new SimWorld(9);
            SimHost[] hosts = {other.host("a", "192.0.2.1"), other.host("b", "192.0.2.2")};
            IceAgent[] agents = new IceAgent[2];
            IceCredentials[] credentials = new IceCredentials[2];
            for (int i = 0; i < 2; i++) {
                credentials[i] = IceCredentials.generate(new Random(100 + i));
                agents[i] = new IceAgent(role, credentials[i], tieThen(i), IceConfig.defaults());
            }
            for (int i = 0; i < 2; i++) {
                int me = i;
                int you = 1 - i;
                hosts[i].start(SimAgent.PORT, agents[i], _ -> {}).run(now -> {
                    agents[me].addLocalCandidate(now, Candidate.host(hosts[me].at(SimAgent.PORT), 1));
                    agents[me].setRemoteCredentials(now, credentials[you]);
                    agents[me].addRemoteCandidate(now, Candidate.host(hosts[you].at(SimAgent.PORT), 1));
                });
            }
            assertThat(other.runUntil(
                            () -> agents[0].state() == IceState.COMPLETED && agents[1].state() == IceState.COMPLETED,
                            5_000))
                    .isTrue();
            assertThat(agents[0].role()).isNotEqualTo(agents[1].role());
        }
    }

    /// Both sides draw the same tie-breaker first, and go their own ways from there.
    private static RandomGenerator tieThen(int seed) {
        Random own = new Random(seed);
        return new RandomGenerator() {
            private boolean isFirst = true;

            @Override
            public long nextLong() {
                boolean first = isFirst;
                isFirst = false;
                return first ? 7 : own.nextLong();
            }
        };
    }

    // --- consent

    @Test
    void aStillPathAndItsSpareAreAskedEveryFewSeconds() {
        connect();
        long sent = a.counter("checks.sent");
        world.runForMillis(100_000);
        assertThat(a.counter("checks.sent") - sent).isBetween(16L, 45L);
    }

    @Test
    void aDeadPeerIsNoticedInSecondsNotSentToAfterThirtyAndGivenUpInMinutes() {
        connect();
        b.node.stop();
        long start = world.now();
        assertThat(world.runUntil(() -> a.agent.state() == IceState.DISCONNECTED, 60_000))
                .isTrue();
        assertThat(world.now() - start).isBetween(5_000_000_000L, 11_500_000_000L);
        assertThat(a.agent.selectedPath()).as("consent has not expired yet").isNotNull();
        assertThat(world.runUntil(() -> a.agent.selectedPath() == null, 60_000)).isTrue();
        assertThat(world.now() - start).isBetween(24_000_000_000L, 30_000_000_000L);
        assertThat(a.agent.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(world.runUntil(() -> a.agent.state() == IceState.FAILED, 301_000))
                .isTrue();
        assertThat(world.now() - start).isBetween(324_000_000_000L, 330_000_000_000L);
        long sent = a.node.sent();
        world.runForMillis(60_000);
        assertThat(a.node.sent()).as("silence after all").isEqualTo(sent);
    }

    /// Of every pair of addresses and for minutes: what is sent in the meantime is little.
    @Test
    void aLinkThatIsMendedAfterMinutesIsUsedAgainWithinTwoSeconds() {
        connect();
        for (int outage : List.of(20_000, 31_000, 45_000, 120_000, 290_000)) {
            world.setDown(hostA, hostB, true);
            world.setDown(hostB, hostA, true);
            long sent = a.node.sent();
            world.runForMillis(outage);
            assertThat(a.node.sent() - sent).isLessThan(outage / 300);
            world.setDown(hostA, hostB, false);
            world.setDown(hostB, hostA, false);
            assertThat(world.runUntil(() -> a.isCompleted() && b.isCompleted(), 2_000))
                    .as("%d ms: %s %s", outage, a.states(), b.states())
                    .isTrue();
            world.runForMillis(20_000);
        }
        assertThat(a.states()).doesNotContain(IceState.FAILED);
    }

    @Test
    void aPeerThatRefusesEverythingIsNotFlooded() {
        connect();
        world.setDown(hostA, hostB, true);
        world.setDown(hostB, hostA, true);
        world.runForMillis(40_000);
        b.node.run(now -> b.agent.restart(now, IceRole.CONTROLLED, IceCredentials.generate(world.random())));
        b.node.run(now -> b.agent.restart(now, IceRole.CONTROLLED, IceCredentials.generate(world.random())));
        world.setDown(hostA, hostB, false);
        world.setDown(hostB, hostA, false);
        long sent = a.node.sent();
        world.runForMillis(60_000);
        assertThat(a.node.sent() - sent).isBetween(10L, 200L);
    }

    @Test
    void aPathThatComesBackIsUsedOn() {
        connect();
        world.runForMillis(20_000);
        world.setDown(hostA, hostB, true);
        world.runForMillis(15_000);
        assertThat(a.agent.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(b.agent.state()).isEqualTo(IceState.DISCONNECTED);
        world.setDown(hostA, hostB, false);
        world.runForMillis(2_000);
        assertThat(a.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(b.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void lostQuestionsAreAskedAgainBeforeTheyMeanAnything() {
        connect();
        world.link(hostA, hostB, LinkProfile.lan().withLoss(0.1));
        world.runForMillis(600_000);
        assertThat(world.lost(hostA, hostB) + world.lost(hostB, hostA)).isPositive();
        assertThat(a.states()).doesNotContain(IceState.DISCONNECTED);
        assertThat(b.states()).doesNotContain(IceState.DISCONNECTED);
    }

    @Test
    void anotherPathIsNominatedWhenTheFirstDies() {
        connect();
        assertThat(a.agent.stats().path()).endsWith("udp4");
        world.setDown(InetAddress.ofLiteral("192.0.2.1"), true);
        assertThat(world.runUntil(
                        () -> a.agent.stats().path().endsWith("udp6")
                                && b.agent.stats().path().endsWith("udp6")
                                && a.isCompleted()
                                && b.isCompleted(),
                        20_000))
                .isTrue();
        world.runForMillis(60_000);
        assertThat(a.states()).doesNotContain(IceState.FAILED);
    }

    @Test
    void aPeerThatChecksUsButNoLongerAnswersKeepsItsPairUntilConsentExpires() { // wire case 14
        SimHost hostC = world.host("c", "192.0.2.3");
        a = new SimAgent(world, world.host("x", "192.0.2.9"), IceRole.CONTROLLING);
        IceCredentials credentials = IceCredentials.generate(world.random());
        IceAgent inner = new IceAgent(IceRole.CONTROLLED, credentials, world.random(), IceConfig.defaults());
        Unanswering half = new Unanswering(inner);
        SimNode<IceEvent> node = hostC.start(SimAgent.PORT, half, _ -> {});
        node.run(now -> {
            inner.addLocalCandidate(now, Candidate.host(hostC.at(SimAgent.PORT), 1));
            inner.setRemoteCredentials(now, a.credentials);
            inner.addRemoteCandidate(now, a.candidates.getFirst());
        });
        a.node.run(now -> a.agent.setRemoteCredentials(now, credentials));
        world.runForMillis(1_000);
        assertThat(a.agent.state()).isEqualTo(IceState.COMPLETED);

        half.isMuted = true;
        long answered = inner.stats().counter("checks.succeeded");
        world.runForMillis(24_000);
        assertThat(a.agent.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(a.agent.selectedPath()).isNotNull();
        assertThat(inner.stats().counter("checks.succeeded")).isGreaterThan(answered + 2);
        assertThat(inner.state()).as("we go on answering").isEqualTo(IceState.COMPLETED);
        world.runForMillis(12_000);
        assertThat(a.agent.selectedPath()).isNull();
    }

    // --- ends and new beginnings

    @Test
    void nothingFoundInTwentySecondsIsAFailureWithAReason() {
        world.setDown(hostA, hostB, true);
        a.learnsOf(b);
        world.runForMillis(19_900);
        assertThat(a.agent.state()).isEqualTo(IceState.CHECKING);
        world.runForMillis(200);
        assertThat(a.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(a.node.events().getLast())
                .isEqualTo(new IceEvent.StateChanged(
                        IceState.CHECKING, IceState.FAILED, "nothing has answered within 20 s"));
        assertThat(a.agent.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
    }

    @Test
    void aPeerThatComesLateIsStillFound() {
        a.learnsOf(b);
        world.runForMillis(15_000);
        b.learnsOf(a);
        assertThat(world.runUntil(() -> a.isCompleted() && b.isCompleted(), 1_000))
                .isTrue();
    }

    @Test
    void aClosedAgentFallsSilent() {
        connect();
        a.node.run(a.agent::close);
        long sent = a.node.sent();
        world.runForMillis(60_000);
        assertThat(a.node.sent()).isEqualTo(sent);
        assertThat(a.agent.state()).isEqualTo(IceState.CLOSED);
        assertThat(a.agent.selectedPath()).isNull();
    }

    @Test
    void aComputerThatSleptFindsItsConsentExpiredAndLooksForThePathAgain() {
        connect();
        IceAgent sleeper = a.agent;
        sleeper.handleTimeout(world.now() + 3_600_000_000_000L);
        assertThat(sleeper.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(sleeper.selectedPath()).isNull();
    }

    @Test
    void aRestartKeepsThePathUntilItHasFoundOneAgain() {
        SimWorld other = new SimWorld(3);
        IceAgent[] agents = new IceAgent[2];
        SimHost[] hosts = {other.host("a", "192.0.2.1"), other.host("b", "192.0.2.2")};
        List<IceCredentials> old = credentials(other);
        for (int i = 0; i < 2; i++) {
            agents[i] = new IceAgent(IceRole.values()[i], old.get(i), other.random(), IceConfig.defaults());
        }
        List<SimNode<IceEvent>> nodes = List.of(
                hosts[0].start(SimAgent.PORT, agents[0], _ -> {}), hosts[1].start(SimAgent.PORT, agents[1], _ -> {}));
        for (int i = 0; i < 2; i++) {
            int me = i;
            nodes.get(i).run(now -> {
                agents[me].addLocalCandidate(now, Candidate.host(hosts[me].at(SimAgent.PORT), 1));
                learn(agents[me], now, old.get(1 - me), hosts[1 - me]);
            });
        }
        other.runForMillis(1_000);
        List<IceCredentials> fresh = credentials(other);
        nodes.get(0).run(now -> agents[0].restart(now, IceRole.CONTROLLING, fresh.get(0)));
        other.runForMillis(8_000);
        assertThat(agents[0].state()).isEqualTo(IceState.CHECKING);
        assertThat(agents[0].selectedPath()).as("still in use").isNotNull();
        assertThat(agents[1].state()).as("old checks are still answered").isEqualTo(IceState.COMPLETED);
        nodes.get(1).run(now -> {
            agents[1].restart(now, IceRole.CONTROLLED, fresh.get(1));
            learn(agents[1], now, fresh.get(0), hosts[0]);
        });
        nodes.get(0).run(now -> learn(agents[0], now, fresh.get(1), hosts[1]));
        assertThat(other.runUntil(
                        () -> agents[0].state() == IceState.COMPLETED && agents[1].state() == IceState.COMPLETED,
                        1_000))
                .isTrue();
    }

    private static List<IceCredentials> credentials(SimWorld world) {
        return List.of(IceCredentials.generate(world.random()), IceCredentials.generate(world.random()));
    }

    private static void learn(IceAgent agent, long now, IceCredentials credentials, SimHost host) {
        agent.setRemoteCredentials(now, credentials);
        agent.addRemoteCandidate(now, Candidate.host(host.at(SimAgent.PORT), 1));
    }

    /// Answers every Binding request that is signed with its password, and does nothing else (RFC 8445 section 2.5).
    private static final class LiteAgent implements ProtocolCore<Object> {
        private final StunKey key;
        private final Deque<Path> paths = new ArrayDeque<>();
        private final Deque<StunMessage> answers = new ArrayDeque<>();
        int nominations;

        LiteAgent(String pwd) {
            key = StunKey.shortTerm(pwd);
        }

        @Override
        public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
            if (StunMessage.parse(borrowed) instanceof StunParse.Received received) {
                nominations += received.message().has(StunAttribute.UseCandidate.class) ? 1 : 0;
                paths.add(path);
                answers.add(StunMessage.binding(
                        StunClass.SUCCESS_RESPONSE,
                        received.message().transactionId(),
                        new StunAttribute.XorMappedAddress(path.remote())));
            }
        }

        @Override
        public void handleTimeout(long nowNanos) {}

        @Override
        public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
            StunMessage answer = answers.poll();
            return answer == null ? null : new Transmit(paths.remove(), answer.write(into, key));
        }

        @Override
        public @Nullable Object pollEvent() {
            return null;
        }

        @Override
        public long nextTimeoutNanos() {
            return TimerTable.NEVER;
        }
    }

    /// An agent whose answers get lost while its checks do not.
    private static final class Unanswering implements ProtocolCore<IceEvent> {
        private final IceAgent agent;
        boolean isMuted;

        Unanswering(IceAgent agent) {
            this.agent = agent;
        }

        @Override
        public void handleDatagram(long nowNanos, ByteBuffer borrowed, Path path) {
            agent.handleDatagram(nowNanos, borrowed, path);
        }

        @Override
        public void handleTimeout(long nowNanos) {
            agent.handleTimeout(nowNanos);
        }

        @Override
        public @Nullable Transmit pollTransmit(long nowNanos, ByteBuffer into) {
            Transmit next = agent.pollTransmit(nowNanos, into);
            while (next != null && isMuted && into.getShort(0) == 0x0101) {
                into.clear();
                next = agent.pollTransmit(nowNanos, into);
            }
            return next;
        }

        @Override
        public @Nullable IceEvent pollEvent() {
            return agent.pollEvent();
        }

        @Override
        public long nextTimeoutNanos() {
            return agent.nextTimeoutNanos();
        }
    }
}
