package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.ReceivedTsns.Verdict;
import dev.nearhand.transport.sctp.packet.SackChunk;
import org.junit.jupiter.api.Test;

class ReceivedTsnsTest {
    /// Near the end of the number space, so that it is passed.
    private static final int INITIAL = -100;

    private final ReceivedTsns received = new ReceivedTsns(INITIAL);

    /// Every second TSN is missing.
    private void addWithGaps(int count) {
        for (int i = 1; i <= count; i++) {
            assertThat(received.verdict(INITIAL + 2 * i)).isEqualTo(Verdict.NEW);
            received.add(INITIAL + 2 * i);
        }
    }

    @Test
    void asManyGapsAsAreAllowedAreKeptAndReported() {
        addWithGaps(ReceivedTsns.GAP_LIMIT);
        int oneMore = INITIAL + 2 * ReceivedTsns.GAP_LIMIT + 2;
        assertThat(received.verdict(oneMore)).isEqualTo(Verdict.OUT_OF_RANGE);
        assertThat(received.verdict(INITIAL + 2)).isEqualTo(Verdict.DUPLICATE);

        SackChunk sack = received.sack(1_000, 1_000_000);
        assertThat(sack.cumulativeTsn()).isEqualTo(INITIAL - 1);
        assertThat(sack.gaps().remaining()).isEqualTo(4 * ReceivedTsns.GAP_LIMIT);
        for (int i = 1; i <= ReceivedTsns.GAP_LIMIT; i++) {
            assertThat(sack.gaps().getShort()).isEqualTo((short) (2 * i + 1));
            assertThat(sack.gaps().getShort()).isEqualTo((short) (2 * i + 1));
        }
    }

    @Test
    void gapsThatAreFilledFromTheBackLeaveNone() {
        int count = 100;
        addWithGaps(count);
        for (int i = count - 1; i >= 0; i--) {
            received.add(INITIAL + 2 * i + 1);
        }
        assertThat(received.hasGaps()).isTrue();
        received.add(INITIAL);
        assertThat(received.hasGaps()).isFalse();
        assertThat(received.cumulative()).isEqualTo(INITIAL + 2 * count);
    }
}
