package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.ice.CandidatePair.State;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which pairs are asked when, seen at what leaves.
class SparePairsTest {
    private static final long SECOND = 1_000_000_000;
    private static final long START = 1_000 * SECOND;
    private static final IceCredentials OURS = new IceCredentials("ourFrag", "ourPasswordOf22Chars++");
    private static final IceCredentials THEIRS = new IceCredentials("theirFrag", "theirPasswordOf22Chars");

    private final Counters counters = new Counters();
    private final RoleClaim claim = new RoleClaim(IceRole.CONTROLLING, new Random(1));
    private final CheckMessages messages = new CheckMessages(OURS);
    private final CheckList checkList = new CheckList();
    private final CheckScheduler checks =
            new CheckScheduler(IceConfig.defaults(), new Random(2), claim, messages, checkList, counters);
    private final SparePairs spares = new SparePairs(checkList, checks, new Random(3));
    private final CandidatePair selected = pair(host("192.0.2.1"), host("203.0.113.1"));
    private long now = START;

    @BeforeEach
    void select() {
        messages.setRemote(THEIRS);
        selected.state = State.SUCCEEDED;
        selected.succeededNanos = now;
    }

    private static Candidate host(String address) {
        return Candidate.host(new InetSocketAddress(InetAddress.ofLiteral(address), 5_000), 65_535);
    }

    private static Candidate relay(String address) {
        InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), 6_000);
        return new Candidate("9", 1, TransportProtocol.UDP, 1_000, at, CandidateType.RELAY, null, Map.of());
    }

    private CandidatePair pair(Candidate local, Candidate remote) {
        CandidatePair made = new CandidatePair(local, remote, IceRole.CONTROLLING);
        assertThat(checkList.add(made)).isTrue();
        made.state = State.SPARE;
        return made;
    }

    /// Runs for a while; what was asked, each time of it. Pairs that are warm answer at once.
    private List<Path> run(long seconds, List<CandidatePair> answering) {
        List<Path> asked = new ArrayList<>();
        long end = now + seconds * SECOND;
        spares.handleTimeout(now, selected);
        for (long next = spares.nextTimeoutNanos(); next <= end; next = spares.nextTimeoutNanos()) {
            now = next;
            spares.handleTimeout(now, selected);
            ByteBuffer lent = ByteBuffer.allocate(1_000);
            for (Transmit sent = checks.pollTransmit(now, lent, false);
                    sent != null;
                    sent = checks.pollTransmit(now, lent.clear(), false)) {
                Path path = sent.path();
                asked.add(path);
                answering.stream().filter(pair -> pair.path.equals(path)).forEach(pair -> {
                    pair.state = State.SUCCEEDED;
                    pair.succeededNanos = now;
                });
            }
        }
        now = end;
        return asked;
    }

    @Test
    void oneOfEachKindIsKeptWarmAndNoMore() {
        CandidatePair otherInterface = pair(host("192.0.2.2"), host("203.0.113.1"));
        CandidatePair relayed = pair(relay("198.51.100.1"), host("203.0.113.1"));
        CandidatePair direct = pair(host("192.0.2.1"), host("203.0.113.2"));
        List<CandidatePair> all = new ArrayList<>(List.of(otherInterface, relayed, direct));
        for (int i = 3; i < 20; i++) {
            all.add(pair(host("192.0.2.1"), host("203.0.113." + i)));
        }
        run(5, all);
        assertThat(spares.hasAny()).isTrue();
        List<Path> asked = run(600, all);
        assertThat(asked.stream().distinct()).hasSizeBetween(2, 3).contains(otherInterface.path, relayed.path);
        assertThat(asked).as("every 8 to 12 s").hasSizeBetween(2 * 50, 3 * 75);
    }

    @Test
    void theFirstQuestionsComeSoon() {
        CandidatePair other = pair(host("192.0.2.2"), host("203.0.113.1"));
        assertThat(run(1, List.of(other))).containsExactly(other.path);
    }

    /// A connection with a single pair has nothing to wake for.
    @Test
    void withoutAnotherPairNoTimeIsWaitedFor() {
        spares.handleTimeout(now, selected);
        assertThat(spares.isRunning()).isTrue();
        assertThat(spares.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
        CandidatePair late = pair(host("192.0.2.2"), host("203.0.113.1"));
        assertThat(run(1, List.of(late))).containsExactly(late.path);
    }

    /// One wake-up for all that are kept warm.
    @Test
    void thoseThatAnswerAreAskedTogether() {
        CandidatePair other = pair(host("192.0.2.2"), host("203.0.113.1"));
        CandidatePair relayed = pair(relay("198.51.100.1"), host("203.0.113.1"));
        run(2, List.of(other, relayed));
        List<Path> asked = new ArrayList<>();
        for (int second = 0; second < 100; second++) {
            asked.addAll(run(1, List.of(other, relayed)));
            assertThat(asked.size() % 2).as("never one alone").isZero();
        }
        assertThat(asked).as("every 8 to 12 s").hasSizeBetween(2 * 8, 2 * 13);
    }

    /// Others of its kind have their turn, and ever more seldom.
    @Test
    void aPlaceWithoutAnAnswerGoesRoundAndSlowsDown() {
        CandidatePair one = pair(host("192.0.2.2"), host("203.0.113.1"));
        CandidatePair two = pair(host("192.0.2.3"), host("203.0.113.1"));
        List<Path> asked = run(20, List.of());
        assertThat(asked).contains(one.path, two.path);
        assertThat(run(600, List.of())).as("two places, every 16 to 24 s").hasSizeBetween(50, 76);
    }

    @Test
    void onlyUdpIsAsked() {
        Candidate active = Candidate.tcpActive(InetAddress.ofLiteral("192.0.2.2"), 65_535);
        Candidate passive =
                Candidate.tcpPassive(new InetSocketAddress(InetAddress.ofLiteral("203.0.113.1"), 7_000), 65_535);
        pair(active, passive);
        assertThat(run(60, List.of())).isEmpty();
        assertThat(spares.hasAny()).isFalse();
    }

    @Test
    void thePairInUseIsNoSpare() {
        assertThat(run(60, List.of(selected))).isEmpty();
    }

    @Test
    void aPairThatIsBeingCheckedIsLeftAlone() {
        pair(host("192.0.2.2"), host("203.0.113.1")).state = State.IN_PROGRESS;
        assertThat(run(60, List.of())).isEmpty();
    }

    @Test
    void theBestIsOneThatHasAnsweredSinceAndANominatedOneFirst() {
        CandidatePair one = pair(host("192.0.2.2"), host("203.0.113.1"));
        CandidatePair two = pair(host("192.0.2.3"), host("203.0.113.1"));
        assertThat(spares.best(selected, now)).isNull();
        for (CandidatePair pair : List.of(one, two)) {
            pair.state = State.SUCCEEDED;
            pair.succeededNanos = now + 1;
        }
        assertThat(spares.best(selected, now)).isIn(one, two);
        two.isNominated = true;
        assertThat(spares.best(selected, now)).isSameAs(two);
        assertThat(spares.best(selected, now + 2)).isNull();
    }

    @Test
    void whoeverHasNotAnsweredSinceIsAskedTogether() {
        CandidatePair one = pair(host("192.0.2.2"), host("203.0.113.1"));
        CandidatePair relayed = pair(relay("198.51.100.1"), host("203.0.113.1"));
        run(5, List.of(one, relayed));
        one.succeededNanos = now;
        spares.askAllUnheardSince(now, now, selected);
        Transmit sent = checks.pollTransmit(now, ByteBuffer.allocate(1_000), false);
        assertThat(sent).isNotNull();
        assertThat(sent.path()).isEqualTo(relayed.path);
        assertThat(checks.pollTransmit(now, ByteBuffer.allocate(1_000), false)).isNull();
    }

    /// While it may be better than the pair in use.
    @Test
    void aPromisingPairIsAskedEverySecond() {
        CandidatePair one = pair(host("192.0.2.2"), host("203.0.113.1"));
        run(5, List.of(one));
        one.betterCount = 1;
        spares.onPromising(now, one, selected);
        assertThat(run(12, List.of(one)).stream().filter(one.path::equals)).hasSizeBetween(9, 16);
    }

    @Test
    void nothingIsDueOnceItIsStopped() {
        CandidatePair one = pair(host("192.0.2.2"), host("203.0.113.1"));
        run(5, List.of(one));
        spares.stop();
        assertThat(spares.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
        assertThat(spares.hasAny()).isFalse();
    }
}
