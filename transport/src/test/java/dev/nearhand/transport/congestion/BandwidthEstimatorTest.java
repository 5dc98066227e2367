package dev.nearhand.transport.congestion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The estimate on made-up paths, with real sessions at both ends; see docs/rfc/congestion.md for what to expect.
class BandwidthEstimatorTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aFastPathIsFoundInTheFirstTwoSeconds(long seed) {
        MediaLab lab = new MediaLab(seed);
        lab.path.bps = 40_000_000;
        lab.path.delayNanos = 10 * MediaLab.MILLI;
        MediaFlow flow = lab.add(0);
        lab.run(10);

        assertThat(flow.meter().arrivedMean(2, 10)).isBetween(28e6, 40e6);
        assertThat(flow.meter().queueMost(1, 10)).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPathThatBecomesSlowIsObeyedWithinTwoSecondsAndOneThatBecomesFastIsFoundWithinFive(long seed) {
        MediaLab lab = new MediaLab(seed);
        lab.path.bps = 4_000_000;
        MediaFlow flow = lab.add(0);
        lab.at(20, () -> lab.path.bps = 1_000_000);
        lab.at(40, () -> lab.path.bps = 4_000_000);
        lab.run(50);

        assertThat(flow.meter().arrivedMean(5, 20)).as("before").isGreaterThan(2.8e6);
        assertThat(flow.meter().queueMost(22, 40)).as("queue once it is slow").isLessThan(150);
        assertThat(flow.meter().arrivedMean(30, 40)).as("while it is slow").isBetween(0.6e6, 1.0e6);
        assertThat(flow.meter().arrivedMean(45, 50)).as("once it is fast again").isGreaterThan(2.4e6);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void flowsThatBeginOneAfterTheOtherShare(long seed) {
        MediaLab lab = new MediaLab(seed);
        lab.path.bps = 3_500_000;
        MediaFlow first = lab.add(0);
        MediaFlow second = lab.add(10);
        lab.run(90);

        double all = first.meter().arrivedMean(30, 90) + second.meter().arrivedMean(30, 90);
        assertThat(all).isGreaterThan(2.5e6);
        assertThat(first.meter().arrivedMean(30, 90) / all).isBetween(0.25, 0.75);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatAPathLosesAnywayDoesNotCount(long seed) {
        MediaLab lab = new MediaLab(seed);
        lab.path.bps = 10_000_000;
        lab.path.loss = 0.05;
        lab.path.jitterNanos = 5 * MediaLab.MILLI;
        MediaFlow flow = lab.add(0);
        lab.run(30);

        assertThat(flow.meter().arrivedMean(5, 30)).isGreaterThan(5e6);
        assertThat(flow.meter().queueMost(1, 30)).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPathWithHardlyAnyQueueIsFilledByItsLosses(long seed) {
        MediaLab lab = new MediaLab(seed);
        lab.path.bps = 3_000_000;
        lab.path.queueNanos = 20 * MediaLab.MILLI;
        MediaFlow flow = lab.add(0);
        lab.run(30);

        assertThat(flow.meter().arrivedMean(5, 30)).isBetween(1.2e6, 3.0e6);
        int lost = flow.meter().seconds.subList(5, 30).stream()
                .mapToInt(FlowMeter.Second::lost)
                .sum();
        assertThat(lost).isLessThan(25 * 30);
    }

    /// Begun in a queue that is full already, which so looks like the path's own delay, and with losses from the first
    /// packet on: 70 % of the packets were lost for good, and the transfer got nothing.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void besideATransferItNeitherTakesAllNorLosesMostOfWhatItSends(long seed) {
        CongestionCase beside = CongestionCases.besideALongTransfer(seed, 300).run();

        assertThat(beside.lost()).isLessThan(12);
        assertThat(beside.shares().getFirst()).as("media, Mbit/s").isBetween(0.08, 1.2);
        assertThat(beside.shares().getLast()).as("the transfer, Mbit/s").isGreaterThan(0.8);
    }

    @Test
    void aStreamThatNeedsLittleIsNotFilledUp() {
        MediaLab lab = new MediaLab(1);
        lab.path.bps = 20_000_000;
        MediaFlow flow = lab.add(0);
        lab.run(5);
        long before = flow.targetBps;
        flow.share = 0.02;
        lab.run(40);

        // what was found is kept, and the probes for more do not become the most of what is sent
        assertThat(flow.targetBps).isGreaterThan(before / 2);
        assertThat(flow.meter().arrivedMean(20, 40)).isLessThan(1e6);
    }

    @Test
    void aStillScreenIsNotProbed() {
        MediaLab lab = new MediaLab(1);
        MediaFlow flow = lab.add(0);
        lab.at(3, () -> flow.endNanos = lab.now);
        lab.run(30);

        assertThat(flow.meter().arrivedMean(6, 30)).isZero();
    }

    @Test
    void withoutFeedbackNoTargetIsTold() {
        MediaLab lab = new MediaLab(1);
        MediaFlow flow = lab.add(0, false);
        lab.run(5);

        assertThat(flow.targetBps).isZero();
        assertThat(flow.frames).isGreaterThan(100);
    }

    @Test
    void aPathThatFallsSilentIsTrustedLessAndLess() {
        MediaLab lab = new MediaLab(1);
        MediaFlow flow = lab.add(0);
        lab.run(5);
        long before = flow.targetBps;
        lab.path.loss = 1;
        lab.run(12);

        assertThat(flow.targetBps).isLessThan(before / 2);

        lab.path.loss = 0;
        lab.run(25);
        assertThat(flow.targetBps).isGreaterThan(before / 2);
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8));
    }

    private static List<FlowMeter.Second> run(long seed) {
        MediaLab lab = new MediaLab(seed);
        MediaFlow flow = lab.add(0);
        lab.run(5);
        return flow.meter().seconds;
    }
}
