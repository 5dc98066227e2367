package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.SctpConfig.Congestion;
import dev.nearhand.transport.sim.LinkProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// BBR over simulated lines, in virtual time: what it is for, by the figures that issue 4 asks for.
class BbrCongestionTest {
    private static final double NARROW_BYTES_PER_SECOND = 2_500_000;

    private static double bulk(double rttMillis, double loss) {
        return CongestionFigures.bulk(
                1, Congestion.BBR, CongestionFigures.fast(rttMillis, loss), rttMillis < 50 ? 1 : 2);
    }

    @Test
    void aThousandthOfLossDoesNotSlowAFastPathDown() {
        assertThat(bulk(20, 0.001)).isGreaterThan(40);
        assertThat(bulk(100, 0.001)).isGreaterThan(10);
    }

    @Test
    void aHundredthOfLossLeavesManyTimesWhatCubicHas() {
        double cubic = CongestionFigures.bulk(1, Congestion.CUBIC, CongestionFigures.fast(20, 0.01), 1);
        assertThat(bulk(20, 0.01)).isGreaterThan(10 * cubic);
    }

    @Test
    void aNarrowPathIsFullAndItsQueueIsNot() {
        double[] figures = CongestionFigures.alone(1, Congestion.BBR, 20, 8);
        assertThat(figures[0]).as("percent of the rate").isGreaterThan(90);
        assertThat(figures[2]).as("queue, 95th percentile, ms").isLessThan(60);
    }

    @Test
    void twoFlowsShareANarrowPathAndFillIt() {
        double[] figures = CongestionFigures.share(1, Congestion.BBR, Congestion.BBR, 20, 20);
        assertThat(figures[0]).as("percent of the first").isBetween(30.0, 70.0);
        assertThat(figures[1]).as("percent of the rate").isGreaterThan(90);
        assertThat(figures[3]).as("queue, 95th percentile, ms").isLessThan(60);
    }

    @Test
    void neitherStarvesNorIsStarvedByCubic() {
        double[] figures = CongestionFigures.share(2, Congestion.CUBIC, Congestion.BBR, 20, 30);
        assertThat(figures[0]).as("percent of CUBIC").isBetween(30.0, 70.0);
    }

    @Test
    void comesBackAfterThePathWasNarrowForAWhile() {
        double[] narrowAndWide = narrowForAWhile(1);
        assertThat(narrowAndWide[0]).as("of 250 kB/s").isBetween(200_000.0, 250_000.0);
        assertThat(narrowAndWide[1]).as("of 5 MB/s").isGreaterThan(4_000_000);
    }

    /// Of seeds 1 to 20, 15 had half of the rate after ten seconds while the growth of the bound ended each probe.
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 27})
    void comesBackWhateverChanceDoes(long seed) {
        assertThat(narrowForAWhile(seed)[1]).as("of 5 MB/s").isGreaterThan(4_000_000);
    }

    /// @return bytes a second while the path was narrow, and from ten seconds after it was wide again
    private static double[] narrowForAWhile(long seed) {
        LinkProfile wide = LinkProfile.perfect().withDelayMillis(20).withRate(40_000_000L, 200_000);
        SharedLine line = new SharedLine(seed, wide);
        SharedLine.Flow flow = line.flow(Congestion.BBR, 0);
        line.runSeconds(4);
        line.become(wide.withRate(2_000_000L, 50_000));
        line.runSeconds(8);
        line.restart();
        line.runSeconds(4);
        double narrow = flow.receivedBytes / 4.0;
        line.become(wide);
        line.runSeconds(10);
        line.restart();
        line.runSeconds(4);
        return new double[] {narrow, flow.receivedBytes / 4.0};
    }

    @Test
    void aSlowLongLossyPathIsUsed() {
        LinkProfile line =
                LinkProfile.perfect().withDelayMillis(300).withLoss(0.05).withRate(64_000L, 16_000);
        SharedLine shared = new SharedLine(1, line);
        SharedLine.Flow flow = shared.flow(Congestion.BBR, 0);
        shared.runSeconds(60);
        assertThat(flow.receivedBytes / 60.0).as("of 8,000 bytes a second").isGreaterThan(4_000);
        assertThat(flow.sender.state()).isEqualTo(SctpState.ESTABLISHED);
    }

    @Test
    void burstsArePacedToAboutAMillisecond() {
        LinkProfile deep = LinkProfile.perfect().withDelayMillis(10).withRate(80_000_000L, 1 << 20);
        SharedLine line = new SharedLine(1, deep);
        line.flow(Congestion.BBR, 0);
        line.runSeconds(3);
        line.restart();
        line.runSeconds(2);
        // cruising, what waits is hardly more than a burst
        assertThat(line.queueMillis(50)).isLessThan(5);
    }

    @Test
    void sharesOfANarrowPathAreMeasuredInBytesThatArrive() {
        double[] figures = CongestionFigures.alone(1, Congestion.CUBIC, 20, 4);
        assertThat(figures[0] / 100 * NARROW_BYTES_PER_SECOND).isLessThan(NARROW_BYTES_PER_SECOND);
        assertThat(figures[2]).as("CUBIC fills the queue").isGreaterThan(60);
    }
}
