package dev.nearhand.transport.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.payload.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Which description may come when (RFC 9429 section 3.2): every legal move leads where it should, every other one is
/// refused and changes nothing.
class SignalingStateTest {
    /// Of each state, the moves that there are: `<` comes from the other side, `>` from this one.
    private static final Map<SignalingState, Map<String, SignalingState>> LEGAL = Map.of(
            SignalingState.STABLE,
            Map.of(">OFFER", SignalingState.HAVE_LOCAL_OFFER, "<OFFER", SignalingState.HAVE_REMOTE_OFFER),
            SignalingState.HAVE_LOCAL_OFFER,
            Map.of(
                    ">OFFER", SignalingState.HAVE_LOCAL_OFFER,
                    "<OFFER", SignalingState.HAVE_REMOTE_OFFER,
                    "<PRANSWER", SignalingState.HAVE_REMOTE_PRANSWER,
                    "<ANSWER", SignalingState.STABLE,
                    ">ROLLBACK", SignalingState.STABLE,
                    "<ROLLBACK", SignalingState.STABLE),
            SignalingState.HAVE_REMOTE_OFFER,
            Map.of(
                    "<OFFER", SignalingState.HAVE_REMOTE_OFFER,
                    ">PRANSWER", SignalingState.HAVE_LOCAL_PRANSWER,
                    ">ANSWER", SignalingState.STABLE,
                    ">ROLLBACK", SignalingState.STABLE,
                    "<ROLLBACK", SignalingState.STABLE),
            SignalingState.HAVE_LOCAL_PRANSWER,
            Map.of(">PRANSWER", SignalingState.HAVE_LOCAL_PRANSWER, ">ANSWER", SignalingState.STABLE),
            SignalingState.HAVE_REMOTE_PRANSWER,
            Map.of("<PRANSWER", SignalingState.HAVE_REMOTE_PRANSWER, "<ANSWER", SignalingState.STABLE));

    private final Negotiator ours = new Negotiator(1);
    private final Negotiator theirs = new Negotiator(2);

    /// The descriptions of an exchange that ours and theirs could go on with.
    private void bringTo(SignalingState state) {
        ours.exchangeWith(theirs);
        ours.negotiation.media().addTrack("screen", Codec.VP8);
        switch (state) {
            case STABLE -> {}
            case HAVE_LOCAL_OFFER -> theirs.take(SdpKind.OFFER, ours.offer());
            case HAVE_REMOTE_OFFER -> ours.take(SdpKind.OFFER, theirs.offer());
            case HAVE_LOCAL_PRANSWER -> {
                ours.take(SdpKind.OFFER, theirs.offer());
                ours.answer(SdpKind.PRANSWER);
            }
            case HAVE_REMOTE_PRANSWER -> {
                theirs.take(SdpKind.OFFER, ours.offer());
                ours.take(SdpKind.PRANSWER, theirs.answer(SdpKind.PRANSWER));
            }
        }
        assertThat(ours.state()).isEqualTo(state);
    }

    private static List<String> moves() {
        List<String> moves = new ArrayList<>();
        for (SdpKind kind : SdpKind.values()) {
            moves.add(">" + kind);
            moves.add("<" + kind);
        }
        return moves;
    }

    private void make(String move) {
        SdpKind kind = SdpKind.valueOf(move.substring(1));
        boolean remote = move.startsWith("<");
        switch (kind) {
            case ROLLBACK -> {
                if (remote) {
                    ours.take(kind, "");
                } else {
                    ours.set(kind, "");
                }
            }
            case OFFER -> {
                if (remote) {
                    ours.take(kind, new Fresh(theirs).offer());
                } else {
                    ours.offer();
                }
            }
            case PRANSWER, ANSWER -> {
                if (remote) {
                    ours.take(kind, new Fresh(theirs).answer(kind));
                } else {
                    ours.answer(kind);
                }
            }
        }
    }

    /// What the other side would write now, whatever state it is in.
    private record Fresh(Negotiator side) {
        String offer() {
            if (side.state().isOffered()) {
                side.rollBack();
            }
            return side.state() == SignalingState.HAVE_LOCAL_PRANSWER
                    ? new Negotiator(9).createOffer()
                    : side.createOffer();
        }

        String answer(SdpKind kind) {
            boolean answers = side.state() == SignalingState.HAVE_REMOTE_OFFER
                    || side.state() == SignalingState.HAVE_LOCAL_PRANSWER;
            return answers ? side.answer(kind) : side.createOffer().replace("a=setup:actpass", "a=setup:active");
        }
    }

    @ParameterizedTest
    @EnumSource(SignalingState.class)
    void everyLegalMoveLeadsWhereItShould(SignalingState state) {
        for (Map.Entry<String, SignalingState> move :
                LEGAL.getOrDefault(state, Map.of()).entrySet()) {
            SignalingStateTest fresh = new SignalingStateTest();
            fresh.bringTo(state);
            fresh.make(move.getKey());
            assertThat(fresh.ours.state()).as("%s %s", state, move.getKey()).isEqualTo(move.getValue());
        }
    }

    @ParameterizedTest
    @EnumSource(SignalingState.class)
    void everyOtherMoveIsRefusedAndChangesNothing(SignalingState state) {
        List<String> illegal = moves();
        illegal.removeAll(LEGAL.getOrDefault(state, Map.of()).keySet());
        assertThat(illegal).isNotEmpty();
        for (String move : illegal) {
            SignalingStateTest fresh = new SignalingStateTest();
            fresh.bringTo(state);
            List<Section> before = fresh.ours.sections();
            assertThatThrownBy(() -> fresh.make(move))
                    .as("%s %s", state, move)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageNotContaining("null");
            assertThat(fresh.ours.state()).isEqualTo(state);
            assertThat(fresh.ours.sections()).isSameAs(before);
        }
    }

    @Test
    void aDescriptionOfOursIsTheOneThatWasCreatedLast() {
        String offer = ours.createOffer();
        assertThatThrownBy(() -> ours.set(SdpKind.OFFER, offer + "a=x\r\n"))
                .isInstanceOf(IllegalArgumentException.class);
        ours.set(SdpKind.OFFER, offer);
        theirs.take(SdpKind.OFFER, offer);
        String answer = theirs.createAnswer();
        assertThatThrownBy(() -> theirs.set(SdpKind.ANSWER, offer)).isInstanceOf(IllegalArgumentException.class);
        theirs.set(SdpKind.PRANSWER, answer);
        assertThat(theirs.state()).isEqualTo(SignalingState.HAVE_LOCAL_PRANSWER);
    }
}
