package dev.nearhand.transport.ice;

import static dev.nearhand.transport.ice.HandMadePeer.LOCAL;
import static dev.nearhand.transport.ice.HandMadePeer.OTHER_REMOTE;
import static dev.nearhand.transport.ice.HandMadePeer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.ice.HandMadePeer.Sent;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunSeal;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Checks that come with the credentials of a restart before its answer, of a peer that is connected by the present
/// ones.
class EarlyChecksTest {
    private static final IceCredentials NEXT = new IceCredentials("nextFrag", "nextPasswordOf22Chars+");
    private static final StunKey NEXT_KEY = StunKey.shortTerm(NEXT.pwd());
    private static final IceCredentials THEIR_NEXT = new IceCredentials("theirNext", "theirPasswordOf22Chars");
    private static final long WEAK = 0;
    private static final long STRONG = -1; // unsigned

    private final HandMadePeer peer = new HandMadePeer(IceRole.CONTROLLING);
    private long ids;

    @BeforeEach
    void connect() {
        peer.signal(REMOTE);
        List<Sent> sent = peer.drain();
        while (!sent.isEmpty()) {
            List<Sent> more = new ArrayList<>();
            sent.forEach(request -> more.addAll(peer.answers(request)));
            sent = more;
        }
        assertThat(peer.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    private List<Sent> checks(InetSocketAddress source, StunAttribute... more) {
        return checks(THEIR_NEXT, source, more);
    }

    private List<Sent> checks(IceCredentials from, InetSocketAddress source, StunAttribute... more) {
        List<StunAttribute> attributes = new ArrayList<>(List.of(
                new StunAttribute.Username(NEXT.ufrag() + ":" + from.ufrag()),
                new StunAttribute.Priority(0x6E00_00FFL)));
        attributes.addAll(List.of(more));
        StunMessage check =
                new StunMessage(StunClass.REQUEST, StunMessage.BINDING, new TransactionId(5, ++ids), attributes);
        return peer.sends(source, HandMadePeer.bytes(check, NEXT_KEY));
    }

    private static int error(List<Sent> sent) {
        assertThat(sent).hasSize(1);
        ErrorCode error = sent.getFirst().message().find(ErrorCode.class);
        return error == null ? 0 : error.code();
    }

    private static void assertSuccess(List<Sent> sent) {
        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().message().messageClass()).isEqualTo(StunClass.SUCCESS_RESPONSE);
        assertThat(sent.getFirst().received().seal().verify(NEXT_KEY)).isEqualTo(StunSeal.Verdict.VALID);
    }

    private List<Path> restart(IceCredentials with) {
        peer.agent.restart(peer.now, IceRole.CONTROLLING, with);
        peer.agent.setRemoteCredentials(peer.now, THEIR_NEXT);
        return peer.drain().stream().filter(Sent::isRequest).map(Sent::path).toList();
    }

    private long counter(String name) {
        return peer.agent.stats().counter(name);
    }

    @Test
    void areRefusedWhileNoRestartIsOffered() {
        assertThat(error(checks(REMOTE))).isEqualTo(401);
    }

    @Test
    void areAnsweredAtOnceAndCheckedInReturnWhenTheAnswerIsHere() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        assertSuccess(checks(OTHER_REMOTE));
        assertSuccess(checks(REMOTE));
        assertSuccess(checks(REMOTE));
        assertThat(peer.agent.state()).isEqualTo(IceState.COMPLETED);

        assertThat(restart(NEXT)).containsExactly(new Path(LOCAL, OTHER_REMOTE), new Path(LOCAL, REMOTE));
        assertThat(counter("learned.prflx")).isEqualTo(2);
    }

    @Test
    void theirPathsAreKnownFromThenOn() {
        Path path = new Path(LOCAL, OTHER_REMOTE);
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        assertThat(peer.agent.hear(peer.now, path)).isFalse();
        checks(OTHER_REMOTE);
        assertThat(peer.agent.hear(peer.now, path)).isTrue();
        assertThat(peer.agent.isKnownPath(path)).isTrue();
        restart(NEXT);
        assertThat(peer.agent.hear(peer.now, path)).isTrue();
    }

    @Test
    void thePresentChecksAndConsentGoOn() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        checks(REMOTE);
        List<Sent> later = peer.afterMillis(6_000);
        assertThat(later).isNotEmpty().allSatisfy(question -> assertThat(
                        question.message().find(StunAttribute.Username.class).value())
                .isEqualTo(peer.own.ufrag() + ":" + peer.ofAgent.ufrag()));
        List<Sent> answer = peer.checks(REMOTE);
        assertThat(answer.getFirst().received().seal().verify(peer.agentKey)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(answer.getFirst().message().messageClass()).isEqualTo(StunClass.SUCCESS_RESPONSE);
    }

    @Test
    void areForgottenWhenTheOfferIsTakenBack() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        checks(OTHER_REMOTE);
        peer.agent.expectNoRestart();
        assertThat(error(checks(OTHER_REMOTE))).isEqualTo(401);
        assertThat(peer.agent.hear(peer.now, new Path(LOCAL, OTHER_REMOTE))).isFalse();
        assertThat(restart(NEXT)).isEmpty();
    }

    @Test
    void areKeptWhenTheSameRestartIsOfferedAgainButNotForAnother() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        checks(OTHER_REMOTE);
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        IceCredentials third = new IceCredentials("thirdFrag", "thirdPasswordOf22Chars");
        assertThat(restart(NEXT)).containsExactly(new Path(LOCAL, OTHER_REMOTE));

        peer.agent.expectRestart(IceRole.CONTROLLING, third);
        checks(REMOTE); // by what is not upcoming but present now
        assertThat(restart(third)).as("nothing was checked by these").isEmpty();
    }

    @Test
    void whoSignsWithAnotherPasswordIsRefused() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        StunMessage forged = StunMessage.binding(
                StunClass.REQUEST, new TransactionId(5, 1), new StunAttribute.Username(NEXT.ufrag() + ":x"));
        assertThat(error(peer.sends(OTHER_REMOTE, HandMadePeer.bytes(forged, peer.agentKey))))
                .isEqualTo(401);
        assertThat(restart(NEXT)).isEmpty();
    }

    @Test
    void aFloodOfPathsIsAnsweredAndNotRemembered() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        for (int port = 10_000; port < 15_000; port++) {
            assertSuccess(checks(new InetSocketAddress(REMOTE.getAddress(), port)));
        }
        assertThat(counter("dropped.tooManyEarlyChecks")).isEqualTo(5_000 - EarlyChecks.LIMIT);
        assertThat(restart(NEXT)).hasSize(EarlyChecks.LIMIT);
    }

    @Test
    void theSameRoleIsRefusedWhereWeHaveTheLargerNumber() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        List<Sent> answer = checks(OTHER_REMOTE, new StunAttribute.IceControlling(WEAK));
        assertThat(error(answer)).isEqualTo(487);
        assertThat(answer.getFirst().received().seal().verify(NEXT_KEY)).isEqualTo(StunSeal.Verdict.VALID);
        assertThat(peer.agent.role()).isEqualTo(IceRole.CONTROLLING);
        assertThat(restart(NEXT)).as("it will ask again").isEmpty();
    }

    @Test
    void theSameRoleIsTheirsFromTheRestartOnWhereTheyHaveIt() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        assertSuccess(checks(OTHER_REMOTE, new StunAttribute.IceControlling(STRONG)));
        assertThat(peer.agent.role()).as("until then").isEqualTo(IceRole.CONTROLLING);
        assertThat(restart(NEXT)).hasSize(1);
        assertThat(peer.agent.role()).isEqualTo(IceRole.CONTROLLED);
    }

    /// A nomination is one for good, even if the latest check along its path is an ordinary one.
    @Test
    void aNominationCountsWhenTheCheckInReturnSucceeds() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        checks(OTHER_REMOTE, new StunAttribute.IceControlling(STRONG), new StunAttribute.UseCandidate());
        checks(OTHER_REMOTE, new StunAttribute.IceControlling(STRONG));
        peer.agent.restart(peer.now, IceRole.CONTROLLING, NEXT);
        peer.agent.setRemoteCredentials(peer.now, THEIR_NEXT);
        Sent inReturn = peer.drain().getFirst();
        assertThat(peer.agent.state()).isEqualTo(IceState.CHECKING);
        peer.answers(inReturn, inReturn.path(), HandMadePeer.success(inReturn), StunKey.shortTerm(THEIR_NEXT.pwd()));
        assertThat(peer.agent.state()).isEqualTo(IceState.COMPLETED);
        assertThat(peer.agent.selectedPath()).isEqualTo(new Path(LOCAL, OTHER_REMOTE));
    }

    /// libwebrtc checks so from its former ports when it gets an offer that restarts, keeps to such a pair once it is
    /// answered, and refuses every check of ours along it.
    @Test
    void whoseOwnCredentialsAreTheFormerOnesIsRefused() {
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        assertThat(error(checks(peer.own, OTHER_REMOTE))).isEqualTo(401);
        assertThat(restart(NEXT)).isEmpty();
        assertThat(error(checks(peer.own, OTHER_REMOTE))).isEqualTo(401);
        assertThat(counter("refused.mixed")).isEqualTo(2);
    }

    /// libwebrtc checks so from its new ports while its own offer that restarts is not answered.
    @Test
    void whoHasNewCredentialsAndCallsUsByOurFormerOnesIsRefused() {
        StunMessage mixed = StunMessage.binding(
                StunClass.REQUEST,
                new TransactionId(5, 1),
                new StunAttribute.Username(peer.ofAgent.ufrag() + ":" + THEIR_NEXT.ufrag()),
                new StunAttribute.Priority(0x6E00_00FFL));
        byte[] datagram = HandMadePeer.bytes(mixed, peer.agentKey);
        assertThat(error(peer.sends(OTHER_REMOTE, datagram))).isEqualTo(401);
        restart(NEXT);
        assertThat(error(peer.sends(OTHER_REMOTE, datagram))).isEqualTo(401);
        assertThat(counter("learned.prflx")).isZero();
    }

    @Test
    void theFormerPathIsListenedToAfterTheRestart() {
        restart(NEXT);
        assertThat(checks(OTHER_REMOTE))
                .hasSize(2)
                .filteredOn(Sent::isRequest)
                .allSatisfy(inReturn -> peer.answers(
                        inReturn,
                        inReturn.path(),
                        HandMadePeer.success(inReturn),
                        StunKey.shortTerm(THEIR_NEXT.pwd())));
        assertThat(peer.agent.selectedPath()).isEqualTo(new Path(LOCAL, OTHER_REMOTE));
        assertThat(peer.agent.hear(peer.now, new Path(LOCAL, REMOTE))).isTrue();
    }

    @Test
    void nothingIsExpectedAfterTheEnd() {
        peer.agent.close(peer.now);
        peer.agent.expectRestart(IceRole.CONTROLLING, NEXT);
        assertThat(checks(OTHER_REMOTE)).isEmpty();
        assertThat(peer.agent.isKnownPath(new Path(LOCAL, OTHER_REMOTE))).isFalse();
    }
}
