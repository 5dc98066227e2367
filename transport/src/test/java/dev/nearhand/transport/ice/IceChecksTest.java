package dev.nearhand.transport.ice;

import static dev.nearhand.transport.ice.HandMadePeer.LOCAL;
import static dev.nearhand.transport.ice.HandMadePeer.OTHER_REMOTE;
import static dev.nearhand.transport.ice.HandMadePeer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Requires;
import dev.nearhand.transport.ice.HandMadePeer.Sent;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunSeal;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Single messages, good and bad, against one agent.
class IceChecksTest {
    private static final StunAttribute USE_CANDIDATE = new StunAttribute.UseCandidate();
    private static final StunAttribute CONTROLLING = new StunAttribute.IceControlling(5);
    private static final Path PATH = new Path(LOCAL, REMOTE);

    private final HandMadePeer peer = new HandMadePeer(IceRole.CONTROLLED);
    private final IceAgent agent = peer.agent;

    // --- its own checks

    @Test
    void theFirstCheckLeavesAtOnceAndSaysAllThatItMust() {
        peer.signal(REMOTE);
        Sent check = only(peer.drain());
        assertThat(check.path()).isEqualTo(PATH);
        assertThat(check.received().hasFingerprint()).isTrue();
        assertThat(check.received().seal().verify(peer.ownKey)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(check.message().find(StunAttribute.Username.class))
                .isEqualTo(new StunAttribute.Username("peerFrag:agentFrag"));
        assertThat(check.message().find(StunAttribute.Priority.class))
                .isEqualTo(new StunAttribute.Priority(Candidate.priority(CandidateType.PRFLX, 65_535, 1)));
        assertThat(check.message().has(StunAttribute.IceControlled.class)).isTrue();
        assertThat(check.message().has(StunAttribute.UseCandidate.class)).isFalse();
    }

    @Test
    void furtherPairsFollowInTheOrderOfTheirPriority() {
        peer.signal(OTHER_REMOTE, REMOTE);
        assertThat(only(peer.drain()).path().remote()).isEqualTo(OTHER_REMOTE);
        assertThat(peer.afterMillis(19)).isEmpty();
        assertThat(only(peer.afterMillis(1)).path().remote()).isEqualTo(REMOTE);
    }

    @Test
    void anUnansweredCheckIsSentAgainWithTheSameTransactionAndThenFails() {
        peer.signal(REMOTE);
        TransactionId id = only(peer.drain()).message().transactionId();
        int sent = 1;
        for (int i = 0; i < 119; i++) {
            for (Sent again : peer.afterMillis(100)) {
                assertThat(again.message().transactionId()).isEqualTo(id);
                sent++;
            }
        }
        assertThat(sent).isBetween(8, 14);
        peer.afterMillis(200);
        assertThat(agent.stats().counter("checks.timedOut")).isEqualTo(1);
    }

    @Test
    void theControllingSideNominatesTheFirstPairThatWorks() {
        HandMadePeer controlled = new HandMadePeer(IceRole.CONTROLLING);
        controlled.signal(REMOTE, OTHER_REMOTE);
        Sent nomination = only(controlled.answers(only(controlled.drain())));
        assertThat(controlled.agent.state()).isEqualTo(IceState.CONNECTED);
        assertThat(nomination.message().has(StunAttribute.UseCandidate.class)).isTrue();
        assertThat(nomination.message().has(StunAttribute.IceControlling.class)).isTrue();
        controlled.answers(nomination);
        assertThat(controlled.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(controlled.agent.selectedPath()).isEqualTo(PATH);
        assertThat(controlled.afterMillis(200)).as("no more checks").isEmpty();
    }

    @Test
    void aRefusedNominationMovesOnToTheNextPair() {
        HandMadePeer controlled = new HandMadePeer(IceRole.CONTROLLING);
        controlled.signal(REMOTE, OTHER_REMOTE);
        Sent first = only(controlled.drain());
        Sent second = only(controlled.afterMillis(20));
        Sent nomination = only(controlled.answers(first));
        controlled.answers(second);
        Sent next = only(controlled.answers(
                nomination, nomination.path(), HandMadePeer.error(nomination, 500), controlled.ownKey));
        assertThat(next.path().remote()).isEqualTo(OTHER_REMOTE);
        controlled.answers(next);
        assertThat(controlled.agent.selectedPath()).isEqualTo(next.path());
    }

    // --- answers that are none

    @Test
    void anAnswerSignedByAnotherIsAsIfItHadNeverCome() {
        peer.signal(REMOTE);
        Sent check = only(peer.drain());
        peer.answers(check, PATH, HandMadePeer.success(check), StunKey.shortTerm("somebody else's password"));
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
        peer.answers(check);
        assertThat(agent.state()).isEqualTo(IceState.CONNECTED);
    }

    @Test
    void anAnswerFromElsewhereFailsThePair() {
        peer.signal(REMOTE);
        Sent check = only(peer.drain());
        peer.answers(check, new Path(LOCAL, OTHER_REMOTE), HandMadePeer.success(check), peer.ownKey);
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
        assertThat(agent.stats().counter("checks.failed")).isEqualTo(1);
        assertThat(agent.selectedPath()).isNull();
    }

    @Test
    void anAnswerToNoQuestionIsDropped() {
        peer.signal(REMOTE);
        Sent check = only(peer.drain());
        peer.answers(check);
        peer.answers(check);
        assertThat(agent.stats().counter("dropped.unknownTransaction")).isEqualTo(1);
    }

    // --- the other side's checks

    @Test
    void aCheckFromAnUnknownAddressIsAnsweredAndCheckedInReturn() {
        peer.signal();
        List<Sent> sent = peer.checks(REMOTE, CONTROLLING);
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).message().messageClass()).isEqualTo(StunClass.SUCCESS_RESPONSE);
        assertThat(sent.get(0).received().seal().verify(peer.agentKey)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(sent.get(0).message().find(StunAttribute.XorMappedAddress.class))
                .isEqualTo(new StunAttribute.XorMappedAddress(REMOTE));
        assertThat(sent.get(1).isRequest()).isTrue();
        assertThat(agent.stats().counter("learned.prflx")).isEqualTo(1);
        peer.answers(sent.get(1));
        assertThat(agent.stats().path()).isEqualTo("host/prflx udp4");
    }

    @Test
    void aCheckBeforeTheCredentialsIsAnsweredAndItsNominationRemembered() {
        List<Sent> early = peer.checks(REMOTE, CONTROLLING, USE_CANDIDATE);
        assertThat(only(early).message().messageClass()).isEqualTo(StunClass.SUCCESS_RESPONSE);
        assertThat(agent.state()).isEqualTo(IceState.NEW);
        agent.setRemoteCredentials(peer.now, peer.own);
        peer.answers(only(peer.drain()));
        assertThat(agent.state()).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void aCheckThatHasOnlyJustLeftIsNotSentTwiceForACheckInReturn() {
        peer.signal(REMOTE);
        Sent own = only(peer.drain());
        assertThat(peer.checks(REMOTE, CONTROLLING)).hasSize(1).noneMatch(Sent::isRequest);
        Sent again = only(peer.afterMillis(20));
        assertThat(again.message().transactionId()).isEqualTo(own.message().transactionId());
    }

    @Test
    void aResolvedNameAndThePeerReflexiveCandidateOfItsAddressAreOne() { // wire case 10
        peer.signal();
        peer.checks(REMOTE, CONTROLLING);
        Candidate named =
                Candidate.parse("7 1 udp 2122260223 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 5000 typ host");
        assertThat(named).isNotNull();
        agent.addRemoteCandidate(peer.now, named);
        assertThat(agent.stats().counter("ignored.unresolved")).isEqualTo(1);
        agent.addRemoteCandidate(peer.now, named.withAddress(REMOTE));
        assertThat(agent.stats().remoteCandidates()).isEqualTo(1);
        assertThat(agent.stats().pairs()).isEqualTo(1);
        peer.answers(only(peer.afterMillis(100)));
        assertThat(agent.stats().path()).isEqualTo("host/host udp4");
    }

    @Test
    void anIndicationIsTakenSilently() { // wire case 11
        peer.signal();
        byte[] indication = HexFormat.of().parseHex("001100082112a442fb9859e67da4bc991c0cab8f80280004ed80c297");
        assertThat(peer.sends(REMOTE, indication)).isEmpty();
        assertThat(agent.stats().counter("indications.received")).isEqualTo(1);
        assertThat(agent.stats().remoteCandidates()).isZero();
    }

    @Test
    void anAnswerWithAnEmptyOrOverlongMappedAddressIsDropped() { // wire case 12
        peer.signal(REMOTE);
        TransactionId id = only(peer.drain()).message().transactionId();
        for (String attribute : List.of("00200000", "00200017" + "0001a147e112a643" + "00".repeat(16))) {
            ByteBuffer answer = ByteBuffer.allocate(100);
            byte[] bytes = HexFormat.of().parseHex(attribute);
            answer.putShort((short) 0x0101).putShort((short) bytes.length).putInt(0x2112A442);
            answer.putInt(id.high()).putLong(id.low()).put(bytes).flip();
            agent.handleDatagram(peer.now, answer, PATH);
        }
        assertThat(agent.stats().counter("dropped.malformedAttribute")).isEqualTo(2);
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
    }

    @Test
    void aNominationOfAPairThatHasNotYetSucceededWaitsForIt() { // wire case 15
        peer.signal(REMOTE);
        Sent own = only(peer.drain());
        peer.checks(REMOTE, CONTROLLING, USE_CANDIDATE);
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
        peer.answers(own);
        assertThat(agent.state()).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void aNominationOfALowerPriorityIsTakenAndOfSeveralTheBestIsUsed() { // wire case 15
        peer.signal(REMOTE, OTHER_REMOTE);
        Sent best = only(peer.drain());
        Sent lower = only(peer.afterMillis(20));
        peer.answers(lower);
        peer.checks(OTHER_REMOTE, CONTROLLING, USE_CANDIDATE);
        assertThat(agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(agent.selectedPath()).isEqualTo(lower.path());

        peer.answers(best);
        assertThat(agent.selectedPath()).as("not nominated").isEqualTo(lower.path());
        peer.checks(REMOTE, CONTROLLING, USE_CANDIDATE);
        assertThat(agent.selectedPath()).isEqualTo(best.path());
        peer.checks(OTHER_REMOTE, CONTROLLING, USE_CANDIDATE);
        assertThat(agent.selectedPath()).as("the best of those nominated").isEqualTo(best.path());
    }

    @Test
    void useCandidateFromWhoDoesNotControlIsOnlyACheck() { // wire case 15
        HandMadePeer controlled = new HandMadePeer(IceRole.CONTROLLING);
        controlled.signal(REMOTE);
        Sent check = only(controlled.drain());
        controlled.checks(REMOTE, new StunAttribute.IceControlled(5), USE_CANDIDATE);
        controlled.answers(check);
        assertThat(controlled.agent.state()).isEqualTo(IceState.CONNECTED);
    }

    // --- role conflicts, wire case 15

    @Test
    void theSmallerTieBreakerGivesWay() {
        HandMadePeer other = new HandMadePeer(IceRole.CONTROLLING);
        other.signal(REMOTE);
        other.drain();
        List<Sent> refused = other.checks(REMOTE, new StunAttribute.IceControlling(0));
        assertThat(codeOf(only(refused))).isEqualTo(StunAttribute.ErrorCode.ROLE_CONFLICT);
        assertThat(other.agent.role()).isEqualTo(IceRole.CONTROLLING);

        List<Sent> taken = other.checks(REMOTE, new StunAttribute.IceControlling(-1));
        assertThat(other.agent.role()).isEqualTo(IceRole.CONTROLLED);
        assertThat(taken.getFirst().message().messageClass()).isEqualTo(StunClass.SUCCESS_RESPONSE);
        assertThat(taken.getLast().message().has(StunAttribute.IceControlled.class))
                .isTrue();
    }

    @Test
    void anError487SwitchesOnceAndIsAskedAgainInTheNewRole() {
        peer.signal(REMOTE);
        Sent check = only(peer.drain());
        Sent again = only(peer.answers(
                check, PATH, HandMadePeer.error(check, StunAttribute.ErrorCode.ROLE_CONFLICT), peer.ownKey));
        assertThat(agent.role()).isEqualTo(IceRole.CONTROLLING);
        assertThat(again.message().has(StunAttribute.IceControlling.class)).isTrue();
        assertThat(again.message().transactionId()).isNotEqualTo(check.message().transactionId());
        peer.answers(only(peer.answers(again)));
        assertThat(agent.state()).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void aLateError487ForARoleThatWasGivenUpAlreadyChangesNothing() {
        peer.signal(REMOTE);
        Sent check = only(peer.drain());
        peer.checks(REMOTE, new StunAttribute.IceControlled(0)); // this side is the larger: it takes control
        assertThat(agent.role()).isEqualTo(IceRole.CONTROLLING);
        peer.answers(check, PATH, HandMadePeer.error(check, StunAttribute.ErrorCode.ROLE_CONFLICT), peer.ownKey);
        assertThat(agent.role()).isEqualTo(IceRole.CONTROLLING);
    }

    // --- requests that are refused

    @Test
    void aRequestWithoutUsernameOrIntegrityIsABadRequest() {
        peer.signal();
        StunMessage bare = StunMessage.binding(StunClass.REQUEST, new TransactionId(1, 1));
        assertThat(codeOf(only(peer.sends(REMOTE, HandMadePeer.bytes(bare, null)))))
                .isEqualTo(400);
        assertThat(codeOf(only(peer.sends(REMOTE, HandMadePeer.bytes(bare, peer.agentKey)))))
                .isEqualTo(400);
        assertThat(codeOf(only(peer.sends(REMOTE, HandMadePeer.bytes(peer.check(), null)))))
                .isEqualTo(400);
        assertThat(agent.stats().remoteCandidates()).isZero();
    }

    @Test
    void aRequestForSomebodyElseIsUnauthenticated() {
        peer.signal();
        byte[] wrongKey = HandMadePeer.bytes(peer.check(), StunKey.shortTerm("not the agent's password"));
        assertThat(codeOf(only(peer.sends(REMOTE, wrongKey)))).isEqualTo(401);
        StunMessage wrongName = StunMessage.binding(
                StunClass.REQUEST,
                new TransactionId(1, 1),
                new StunAttribute.Username("agentFra:peerFrag"),
                new StunAttribute.Priority(1));
        assertThat(codeOf(only(peer.sends(REMOTE, HandMadePeer.bytes(wrongName, peer.agentKey)))))
                .isEqualTo(401);
        assertThat(agent.stats().remoteCandidates()).isZero();
        assertThat(agent.isKnownPath(PATH)).isFalse();
    }

    @Test
    void anUnknownRequiredAttributeIsNamedInTheRefusal() {
        peer.signal();
        Sent refusal = only(peer.checks(REMOTE, new StunAttribute.Unknown(0x7777, ByteBuffer.allocate(3))));
        assertThat(codeOf(refusal)).isEqualTo(420);
        assertThat(refusal.message().find(StunAttribute.UnknownAttributes.class))
                .isEqualTo(new StunAttribute.UnknownAttributes(List.of(0x7777)));
        assertThat(peer.checks(REMOTE, new StunAttribute.Unknown(0xC057, ByteBuffer.allocate(4))))
                .as("an optional one is skipped")
                .hasSize(2);
    }

    // --- floods

    @Test
    void aFloodOfCandidatesAndPairsStaysWithinTheLimits() {
        for (int i = 0; i < 40; i++) {
            agent.addLocalCandidate(peer.now, Candidate.host(HandMadePeer.at("198.51.100." + i), i));
        }
        InetSocketAddress[] many = new InetSocketAddress[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = HandMadePeer.at("203.0.113." + i);
        }
        peer.signal(many);
        for (int i = 0; i < 200; i++) {
            peer.checks(HandMadePeer.at("10.0.0." + i), CONTROLLING);
        }
        assertThat(agent.stats().localCandidates()).isEqualTo(Candidates.LOCAL_LIMIT);
        assertThat(agent.stats().remoteCandidates()).isEqualTo(RemoteCandidates.LIMIT);
        assertThat(agent.stats().pairs()).isEqualTo(CheckList.PAIRS_LIMIT);
    }

    @Test
    void aFullListMakesRoomForABetterPair() {
        CheckList list = new CheckList();
        Candidate local = Candidate.host(LOCAL, 65_535);
        for (int i = 0; i < CheckList.PAIRS_LIMIT; i++) {
            Candidate remote = Candidate.host(HandMadePeer.at("203.0.113." + i), 100 + i);
            assertThat(list.add(new CandidatePair(local, remote, IceRole.CONTROLLED)))
                    .isTrue();
        }
        CandidatePair better = new CandidatePair(local, Candidate.host(REMOTE, 60_000), IceRole.CONTROLLED);
        CandidatePair worse = new CandidatePair(local, Candidate.host(OTHER_REMOTE, 1), IceRole.CONTROLLED);
        assertThat(list.add(better)).isTrue();
        assertThat(list.add(worse)).isFalse();
        assertThat(list.pairs()).hasSize(CheckList.PAIRS_LIMIT);
        assertThat(list.pairs().getFirst()).isSameAs(better);
    }

    @Test
    void answersThatNobodyFetchesAreBounded() {
        peer.signal();
        byte[] check = HandMadePeer.bytes(peer.check(), peer.agentKey);
        for (int i = 0; i < 1_000; i++) {
            agent.handleDatagram(peer.now, ByteBuffer.wrap(check), PATH);
        }
        assertThat(peer.drain().size()).isLessThanOrEqualTo(Answers.LIMIT + 1);
    }

    @Test
    void candidatesThatCannotBeUsedAreCountedAndIgnored() {
        peer.signal();
        for (String line : List.of(
                "1 1 tcp 1518280447 192.0.2.4 9 typ host tcptype active",
                "1 2 udp 2122260222 192.0.2.4 5001 typ host",
                "1 1 udp 2122260223 0.0.0.0 5000 typ host",
                "1 1 udp 2122260223 224.0.0.1 5000 typ host",
                "1 1 udp 2122260223 192.0.2.4 0 typ host",
                "1 1 udp 2122260223 192.0.2.4 5000 typ host ufrag another")) {
            Candidate candidate = Candidate.parse(line);
            assertThat(candidate).as(line).isNotNull();
            agent.addRemoteCandidate(peer.now, candidate);
        }
        assertThat(agent.stats().remoteCandidates()).isZero();
        for (String line : List.of(
                "1 1 udp 1677729535 192.0.2.4 5000 typ srflx raddr 10.0.0.1 rport 5000",
                "1 1 udp 33562623 192.0.2.5 5000 typ relay raddr 192.0.2.4 rport 5000 ufrag peerFrag")) {
            Candidate candidate = Candidate.parse(line);
            assertThat(candidate).isNotNull();
            agent.addRemoteCandidate(peer.now, candidate);
        }
        assertThat(agent.stats().pairs()).isEqualTo(2);
    }

    @Test
    void truncatedAndDamagedChecksTeachNothing() {
        peer.signal();
        byte[] whole = HandMadePeer.bytes(peer.check(CONTROLLING), peer.agentKey);
        for (int length = 0; length < whole.length; length++) {
            agent.handleDatagram(peer.now, ByteBuffer.wrap(whole, 0, length), PATH);
        }
        for (int bit = 0; bit < (whole.length - 8) * 8; bit++) { // all but FINGERPRINT, which only guards
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            agent.handleDatagram(peer.now, ByteBuffer.wrap(damaged), PATH);
        }
        assertThat(agent.stats().remoteCandidates()).isZero();
        assertThat(agent.stats().counter("checks.received")).isZero();
    }

    @Test
    void everyFileOfTheCorpusIsSurvived() throws IOException {
        Optional<java.nio.file.Path> corpora = Requires.corpora();
        if (corpora.isEmpty()) {
            return;
        }
        peer.signal(REMOTE);
        try (Stream<java.nio.file.Path> files = Files.list(corpora.get().resolve("stun"))) {
            for (java.nio.file.Path file : files.toList()) {
                agent.handleDatagram(peer.now, ByteBuffer.wrap(Files.readAllBytes(file)), PATH);
            }
        }
        assertThat(agent.state()).isEqualTo(IceState.CHECKING);
    }

    @Test
    void otherCredentialsWithoutARestartAreTheCallersMistake() {
        peer.signal();
        agent.setRemoteCredentials(peer.now, peer.own);
        assertThatThrownBy(() -> agent.setRemoteCredentials(peer.now, peer.ofAgent))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("restart");
    }

    private static Sent only(List<Sent> sent) {
        assertThat(sent).hasSize(1);
        return sent.getFirst();
    }

    private static int codeOf(Sent sent) {
        StunAttribute.ErrorCode error = sent.message().find(StunAttribute.ErrorCode.class);
        assertThat(error).isNotNull();
        return error.code();
    }
}
