package dev.nearhand.transport.congestion;

/// Prints how the estimate behaves, second by second; a program to look at, no test.
final class MediaFigures {
    private MediaFigures() {}

    public static void main(String[] arguments) {
        MediaLab lab = new MediaLab(1);
        lab.path.bps = 4_000_000;
        lab.add(0);
        lab.at(30, () -> lab.path.bps = 1_000_000);
        lab.at(60, () -> lab.path.bps = 4_000_000);
        lab.run(90);
        print("4, 1, 4 Mbit/s", lab);
        MediaLab two = new MediaLab(2);
        two.path.bps = 3_500_000;
        two.add(0);
        two.add(20);
        two.run(90);
        print("two", two);
        MediaLab three = new MediaLab(7);
        three.path.bps = 3_500_000;
        three.add(0);
        three.add(10);
        three.add(20);
        three.run(120);
        print("three", three);
        MediaLab fast = new MediaLab(3);
        fast.path.bps = 40_000_000;
        fast.path.delayNanos = 10 * MediaLab.MILLI;
        fast.add(0);
        fast.run(20);
        print("40", fast);
        MediaLab lossy = new MediaLab(4);
        lossy.path.bps = 10_000_000;
        lossy.path.loss = 0.05;
        lossy.path.jitterNanos = 5 * MediaLab.MILLI;
        lossy.add(0);
        lossy.run(30);
        print("10, 5 % loss", lossy);
    }

    private static void print(String title, MediaLab lab) {
        System.out.println(title);
        for (int i = 0; i < lab.flows.getFirst().meter().seconds.size(); i++) {
            StringBuilder line = new StringBuilder("%4d".formatted(i));
            for (MediaLab.Flow flow : lab.flows) {
                FlowMeter.Second second = flow.meter().seconds.get(i);
                line.append(" | %7d %7d kbit/s %5.0f ms %3d lost"
                        .formatted(
                                second.targetBps() / 1000,
                                second.arrivedBps() / 1000,
                                second.queueP95Millis(),
                                second.lost()));
            }
            System.out.println(line);
        }
    }
}
