package dev.nearhand.transport.congestion;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A case of [RFC 8867](https://www.rfc-editor.org/rfc/rfc8867): what shares which lines when, and what came of it.
final class CongestionCase {
    /// What the RFC's media sources make at most.
    static final long MOST_BPS = 1_500_000;

    private static final int SETTLED_SECONDS = 3;
    private static final double SETTLED_SHARE = 0.75;
    private static final double SETTLED_QUEUE_MILLIS = 150;

    /// From a time on, what the line carries.
    ///
    /// @param second from when on
    private record Change(int second, double bps) {}

    /// A flow as the tables and plots name it.
    /// @param measured whether it goes over the line that the figures are about
    record Named(String name, MediaLab.Flow flow, int beginSecond, boolean measured) {
        boolean isMedia() {
            return flow instanceof MediaFlow;
        }
    }

    final String section;
    final String title;
    final int seconds;
    final MediaLab lab;
    final List<Named> flows = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private MediaLab.@Nullable Line line;

    CongestionCase(String section, String title, int seconds, long seed) {
        this.section = section;
        this.title = title;
        this.seconds = seconds;
        this.lab = new MediaLab(seed);
    }

    /// The rate of a line over time; the first line that is told is the one that the figures are about.
    ///
    /// @param secondsAndMegabits pairs of a second and a rate in Mbit/s
    void rates(MediaLab.Line of, double... secondsAndMegabits) {
        boolean measured = line == null;
        if (measured) {
            line = of;
        }
        for (int i = 0; i < secondsAndMegabits.length; i += 2) {
            int second = (int) secondsAndMegabits[i];
            double bps = secondsAndMegabits[i + 1] * 1e6;
            if (measured) {
                changes.add(new Change(second, bps));
            }
            if (second == 0) {
                of.bps = (long) bps;
            } else {
                lab.at(second, () -> of.bps = (long) bps);
            }
        }
    }

    MediaFlow media(int atSecond, List<MediaLab.Line> forth, List<MediaLab.Line> back) {
        MediaFlow flow = lab.add(atSecond, true, forth, back);
        flow.mostBps = MOST_BPS;
        flows.add(new Named("media " + (flows.size() + 1), flow, atSecond, forth.contains(line)));
        return flow;
    }

    BulkFlow bulk(List<MediaLab.Line> forth, List<MediaLab.Line> back) {
        BulkFlow flow = lab.addBulk(forth, back);
        flows.add(new Named("CUBIC", flow, 0, forth.contains(line)));
        return flow;
    }

    CongestionCase run() {
        lab.run(seconds);
        return this;
    }

    double capacity(int second) {
        double bps = 0;
        for (Change change : changes) {
            if (change.second <= second) {
                bps = change.bps;
            }
        }
        return bps;
    }

    /// What could have been used: the line's rate, or less where the encoders make less.
    private double available(int second) {
        if (flows.stream().anyMatch(each -> !each.isMedia())) {
            return capacity(second);
        }
        long most = flows.stream()
                        .filter(each -> each.measured && each.beginSecond <= second)
                        .count()
                * MOST_BPS;
        return Math.min(capacity(second), most);
    }

    private double arrived(int second) {
        return flows.stream()
                .filter(Named::measured)
                .mapToDouble(each -> each.flow.meter().seconds.get(second).arrivedBps())
                .sum();
    }

    /// In percent, of all of the time.
    double utilisation() {
        double used = 0;
        double could = 0;
        for (int second = 0; second < seconds; second++) {
            used += Math.min(arrived(second), capacity(second));
            could += available(second);
        }
        return 100 * used / could;
    }

    /// How long packets of media waited.
    double queueMillis(double percentile) {
        List<Double> all = new ArrayList<>();
        media().forEach(each -> all.addAll(each.flow.meter().queueMillis()));
        return FlowMeter.percentile(all, percentile);
    }

    private List<Named> media() {
        return flows.stream().filter(each -> each.measured && each.isMedia()).toList();
    }

    /// In percent of media's packets.
    double lost() {
        long lost = media().stream().mapToLong(each -> each.flow.meter().lost()).sum();
        long all =
                media().stream().mapToLong(each -> each.flow.meter().packets()).sum();
        return 100.0 * lost / all;
    }

    /// Seconds from each change of the rate until three seconds in a row used three quarters of what was there, with
    /// less than 150 ms of queue; -1 for never.
    List<Integer> settled() {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            int begin = changes.get(i).second;
            int end = i + 1 < changes.size() ? changes.get(i + 1).second : seconds;
            all.add(settled(begin, end));
        }
        return all;
    }

    private int settled(int begin, int end) {
        int good = 0;
        for (int second = begin; second < end; second++) {
            int at = second;
            boolean calm = media().stream()
                    .allMatch(each -> each.flow.meter().seconds.get(at).queueP95Millis() < SETTLED_QUEUE_MILLIS);
            good = calm && arrived(second) >= SETTLED_SHARE * available(second) ? good + 1 : 0;
            if (good == SETTLED_SECONDS) {
                return second - SETTLED_SECONDS + 1 - begin;
            }
        }
        return -1;
    }

    /// Mean rates of each flow in the last two fifths, in Mbit/s.
    List<Double> shares() {
        return flows.stream()
                .map(each -> each.flow.meter().arrivedMean(seconds * 3 / 5, seconds) / 1e6)
                .toList();
    }

    /// Jain's index of media's shares: 1 when all are alike.
    double fairness() {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < flows.size(); i++) {
            if (flows.get(i).isMedia()) {
                double share = shares().get(i);
                sum += share;
                squares += share * share;
                count++;
            }
        }
        return sum * sum / (count * squares);
    }
}
