package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which pair is in use after which answers, and what is asked and nominated for it. Every answer takes 20 ms.
class FailoverTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final long ANSWER_NANOS = 20 * MILLI;
    /// Silence is noticed after 250 ms, and then as many as eight questions are asked.
    private static final long NOTICED_NANOS = 2 * SECOND;
    private static final IceCredentials OURS = new IceCredentials("ourFrag", "ourPasswordOf22Chars++");
    private static final IceCredentials THEIRS = new IceCredentials("theirFrag", "theirPasswordOf22Chars");

    /// What a check asks, as the other side will answer it.
    private record Question(long answerNanos, Check check) {}

    /// An agent's parts around a [Failover], on a network in which single pairs can be dead.
    private static final class Scene {
        final Counters counters = new Counters();
        final Progress progress = new Progress();
        final CheckList checkList = new CheckList();
        final RoleClaim claim;
        final CheckScheduler checks;
        final Selection selection;
        final Failover failover;
        final Set<CandidatePair> dead = new HashSet<>();
        final List<Path> nominated = new ArrayList<>();
        final List<Question> underWay = new ArrayList<>();
        long now = 1_000 * SECOND;
        /// Whether the owner sends something every 20 ms, which is answered where the path lives.
        boolean busy = true;
        /// Where the other side sends, or null when it keeps to the pair in use.
        @Nullable
        CandidatePair theirs;

        Scene(IceRole role) {
            IceConfig config = IceConfig.defaults();
            CheckMessages messages = new CheckMessages(OURS);
            messages.setRemote(THEIRS);
            claim = new RoleClaim(role, new Random(1));
            checks = new CheckScheduler(config, new Random(2), claim, messages, checkList, counters);
            Consent consent = new Consent(config, new Random(3));
            selection = new Selection(progress, claim, checkList, checks, consent, config);
            failover = new Failover(progress, claim, checkList, checks, selection, consent, counters, new Random(4));
            progress.setState(IceState.CHECKING, "a test");
        }

        CandidatePair pair(Candidate local, Candidate remote) {
            CandidatePair made = new CandidatePair(local, remote, claim.role());
            assertThat(checkList.add(made)).isTrue();
            made.state = State.SPARE;
            return made;
        }

        void nominate(CandidatePair pair) {
            pair.state = State.SUCCEEDED;
            pair.succeededNanos = now;
            pair.roundTripNanos = ANSWER_NANOS;
            selection.nominated(now, pair);
        }

        /// The pair in use.
        CandidatePair used() {
            CandidatePair selected = selection.selected();
            assertThat(selected).isNotNull();
            return selected;
        }

        void run(long nanos) {
            for (long end = now + nanos; now < end; now += 5 * MILLI) {
                if (busy && now % ANSWER_NANOS == 0) {
                    failover.onSent(now);
                    CandidatePair back = theirs == null ? used() : theirs;
                    if (!dead.contains(used()) && !dead.contains(back)) {
                        failover.onHeard(now, back);
                    }
                }
                selection.handleTimeout(now);
                failover.handleTimeout(now);
                poll();
                for (Question question : List.copyOf(underWay)) {
                    if (now >= question.answerNanos) {
                        underWay.remove(question);
                        answer(question.check);
                    }
                }
            }
        }

        private void poll() {
            ByteBuffer lent = ByteBuffer.allocate(1_000);
            for (Transmit sent = checks.pollTransmit(now, lent.clear(), false);
                    sent != null;
                    sent = checks.pollTransmit(now, lent.clear(), false)) {
                Check check = checks.find(new TransactionId(lent.getInt(8), lent.getLong(12)));
                assertThat(check).isNotNull();
                if (check.purpose == Check.Purpose.NOMINATION && check.transmissions == 1) {
                    nominated.add(sent.path());
                }
                if (!dead.contains(check.pair)) {
                    underWay.add(new Question(now + ANSWER_NANOS, check));
                }
            }
        }

        /// As [CheckOutcomes] does.
        private void answer(Check check) {
            checks.remove(check);
            check.pair.roundTripNanos = now - check.lastSentNanos;
            check.pair.state = State.SUCCEEDED;
            check.pair.succeededNanos = now;
            selection.onSucceeded(now, check.pair, check.purpose == Check.Purpose.NOMINATION);
            failover.onAnswer(now, check);
        }

        long count(String name) {
            return counters.snapshot().getOrDefault(name, 0L);
        }
    }

    private static Candidate host(String address) {
        return Candidate.host(new InetSocketAddress(InetAddress.ofLiteral(address), 5_000), 65_535);
    }

    private static Candidate relay(String address) {
        InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 6_000);
        return new Candidate("9", 1, TransportProtocol.UDP, 1_000, at, CandidateType.RELAY, null, Map.of());
    }

    private final Scene scene = new Scene(IceRole.CONTROLLING);
    private final CandidatePair first = scene.pair(host("192.0.2.1"), host("203.0.113.1"));
    private final CandidatePair second = scene.pair(host("192.0.2.2"), host("203.0.113.1"));

    @Test
    void aDeadPairIsLeftSoonForOneThatWorksAndThatIsNominated() {
        scene.nominate(first);
        scene.run(5 * SECOND);
        assertThat(scene.count("pairs.suspected")).isZero();
        scene.dead.add(first);
        scene.run(NOTICED_NANOS);
        assertThat(scene.used()).isSameAs(second);
        assertThat(first.state).isEqualTo(State.FAILED);
        assertThat(scene.nominated).containsExactly(second.path);
        assertThat(second.isNominated).isTrue();
        assertThat(first.isNominated).isFalse();
        assertThat(scene.progress.state()).isEqualTo(IceState.COMPLETED);
        assertThat(scene.count("pairs.switched.silent")).isEqualTo(1);
        assertThat(scene.count("pairs.switched")).isEqualTo(1);
    }

    @Test
    void nothingChangesWhileNoOtherPairAnswers() {
        scene.dead.add(second);
        scene.nominate(first);
        scene.run(5 * SECOND);
        scene.dead.add(first);
        scene.run(3 * SECOND);
        assertThat(scene.used()).isSameAs(first);
        assertThat(scene.count("pairs.suspected")).isPositive();
        assertThat(scene.count("pairs.switched")).isZero();
        scene.dead.remove(second); // a spare that is not warm is asked ever more seldom, but it is asked
        scene.run(25 * SECOND);
        assertThat(scene.used()).isSameAs(second);
    }

    @Test
    void twoPairsThatDieOneAfterTheOtherAreBothLeft() {
        scene.nominate(first);
        scene.run(5 * SECOND);
        scene.dead.add(first);
        scene.run(NOTICED_NANOS);
        scene.dead.remove(first);
        scene.run(25 * SECOND);
        assertThat(scene.used())
                .as("as good as the other, so no reason to go back")
                .isSameAs(second);
        scene.dead.add(second);
        scene.run(NOTICED_NANOS);
        assertThat(scene.used()).isSameAs(first);
        assertThat(scene.nominated).containsExactly(second.path, first.path);
    }

    @Test
    void aPairThatFallsSilentButAnswersIsKept() {
        scene.nominate(first);
        scene.busy = false;
        scene.run(5 * SECOND);
        for (int i = 0; i < 20; i++) {
            scene.failover.onSent(scene.now); // to one that has nothing to say
            scene.run(SECOND);
        }
        assertThat(scene.count("pairs.suspected")).isPositive();
        assertThat(scene.used()).isSameAs(first);
        assertThat(scene.count("pairs.switched")).isZero();
    }

    private void theOtherSideKeepsTo(CandidatePair pair) {
        scene.nominate(pair);
        scene.run(5 * SECOND);
        scene.theirs = pair;
        scene.dead.add(pair);
        scene.run(NOTICED_NANOS);
        assertThat(scene.used()).isNotSameAs(pair);
    }

    @Test
    void anotherSideThatKeepsSendingAlongTheDeadPairIsMissed() {
        theOtherSideKeepsTo(first);
        assertThat(scene.progress.state()).isEqualTo(IceState.COMPLETED);
        scene.run(Following.PATIENCE_NANOS);
        assertThat(scene.progress.state()).isEqualTo(IceState.DISCONNECTED);
        assertThat(scene.count("pairs.unfollowed")).isEqualTo(1);
        scene.run(60 * SECOND);
        assertThat(scene.progress.state())
                .as("that checks are answered is no news")
                .isEqualTo(IceState.DISCONNECTED);
        assertThat(scene.count("pairs.unfollowed")).isEqualTo(1);
        assertThat(scene.nominated).containsExactly(second.path);
    }

    @Test
    void whatItSendsIsTheEndOfThat() {
        theOtherSideKeepsTo(first);
        scene.run(Following.PATIENCE_NANOS);
        scene.theirs = second;
        scene.run(SECOND);
        assertThat(scene.progress.state()).isEqualTo(IceState.COMPLETED);
        assertThat(scene.used()).isSameAs(second);
        scene.run(60 * SECOND);
        assertThat(scene.count("pairs.unfollowed")).isEqualTo(1);
    }

    @Test
    void soIsTheReturnOfThePairThatItKeepsTo() {
        theOtherSideKeepsTo(first);
        scene.run(Following.PATIENCE_NANOS);
        scene.dead.remove(first);
        scene.run(SECOND);
        assertThat(scene.progress.state()).isEqualTo(IceState.COMPLETED);
        scene.run(60 * SECOND);
        assertThat(scene.progress.state())
                .as("two ways that work, each in its direction")
                .isEqualTo(IceState.COMPLETED);
        assertThat(scene.count("pairs.unfollowed")).isEqualTo(1);
    }

    @Test
    void oneThatHasNothingToSayIsNotMissed() {
        scene.nominate(first);
        scene.run(5 * SECOND);
        scene.dead.add(first);
        scene.run(NOTICED_NANOS);
        assertThat(scene.used()).isSameAs(second);
        scene.busy = false;
        scene.run(60 * SECOND);
        assertThat(scene.progress.state()).isEqualTo(IceState.COMPLETED);
        assertThat(scene.count("pairs.unfollowed")).isZero();
    }

    @Test
    void aRestartLooksAnew() {
        theOtherSideKeepsTo(first);
        scene.run(Following.PATIENCE_NANOS);
        scene.selection.restart();
        scene.progress.setState(IceState.CHECKING, "restart");
        scene.theirs = second;
        scene.selection.nominated(scene.now, second);
        scene.run(60 * SECOND);
        assertThat(scene.progress.state()).isEqualTo(IceState.COMPLETED);
        assertThat(scene.count("pairs.unfollowed")).isEqualTo(1);
    }

    /// With nothing sent it is the late answer to a question for consent that tells.
    @Test
    void aStillConnectionLeavesADeadPairToo() {
        scene.nominate(first);
        scene.busy = false;
        scene.run(5 * SECOND);
        scene.dead.add(first);
        scene.run(9 * SECOND);
        assertThat(scene.used()).isSameAs(second);
    }

    @Test
    void thePairThatTheOtherSideUsesIsLookedAtWhenOursIsDeadInItsDirection() {
        scene.nominate(first);
        scene.run(5 * SECOND);
        scene.dead.add(first);
        scene.busy = false;
        scene.failover.onHeard(scene.now, second);
        scene.run(NOTICED_NANOS);
        assertThat(scene.used()).isSameAs(second);
    }

    @Test
    void theControlledSideNominatesNothingAndGoesBackToWhatIsNominated() {
        Scene controlled = new Scene(IceRole.CONTROLLED);
        CandidatePair one = controlled.pair(host("192.0.2.1"), host("203.0.113.1"));
        CandidatePair two = controlled.pair(host("192.0.2.2"), host("203.0.113.1"));
        controlled.nominate(one);
        controlled.run(5 * SECOND);
        controlled.dead.add(one);
        controlled.run(NOTICED_NANOS);
        assertThat(controlled.used()).isSameAs(two);
        assertThat(controlled.nominated).isEmpty();
        assertThat(one.isNominated).isTrue();
        controlled.dead.remove(one);
        controlled.run(60 * SECOND);
        assertThat(controlled.used()).isSameAs(one);
        assertThat(controlled.nominated).isEmpty();
    }

    @Test
    void aDirectPairTakesOverFromARelayOnlyWhenItHasBeenGoodForAWhile() {
        Scene relayed = new Scene(IceRole.CONTROLLING);
        CandidatePair relay = relayed.pair(relay("198.51.100.1"), host("203.0.113.1"));
        CandidatePair direct = relayed.pair(host("192.0.2.1"), host("203.0.113.1"));
        relayed.dead.add(direct);
        relayed.nominate(relay);
        relayed.run(30 * SECOND);
        assertThat(relayed.used()).isSameAs(relay);
        relayed.dead.remove(direct);
        long opened = relayed.now;
        while (relayed.used() == relay && relayed.now < opened + 40 * SECOND) {
            relayed.run(100 * MILLI);
        }
        assertThat(relayed.used()).isSameAs(direct);
        assertThat(relayed.now - opened).isGreaterThanOrEqualTo(3 * SECOND);
        assertThat(relayed.nominated).containsExactly(direct.path);
        assertThat(relayed.count("pairs.switched.better")).isEqualTo(1);
    }

    @Test
    void aPairThatHasDiedIsTrustedTheLaterTheMoreOften() {
        long sooner = timeUntilDirect(0);
        long later = timeUntilDirect(3);
        assertThat(later).isGreaterThanOrEqualTo(3 * SECOND << 3).isGreaterThan(sooner);
    }

    private static long timeUntilDirect(int deaths) {
        Scene relayed = new Scene(IceRole.CONTROLLING);
        CandidatePair relay = relayed.pair(relay("198.51.100.1"), host("203.0.113.1"));
        CandidatePair direct = relayed.pair(host("192.0.2.1"), host("203.0.113.1"));
        direct.deaths = deaths;
        relayed.nominate(relay);
        long begin = relayed.now;
        while (relayed.used() == relay && relayed.now < begin + 100 * SECOND) {
            relayed.run(100 * MILLI);
        }
        assertThat(relayed.used()).isSameAs(direct);
        return relayed.now - begin;
    }
}
