package dev.nearhand.transport.congestion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;

/// Writes what came of the cases: a table, and a plot of each.
final class CasesPage {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 220;
    private static final int LEFT = 46;
    private static final int TOP = 30;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - 26;
    private static final int PLOT_WIDTH = WIDTH - LEFT - 60;
    private static final double MOST_MILLIS = 400;
    private static final List<String> COLOURS =
            List.of("#1f6fb4", "#c4501b", "#2a8a3e", "#8a4fb0", "#a07a00", "#7a7a7a");

    private final Path docs;

    CasesPage(Path docs) {
        this.docs = docs;
    }

    void write(List<CongestionCase> cases, long seed) throws IOException {
        Path plots = Files.createDirectories(docs.resolve("congestion-cases"));
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(seed));
        for (CongestionCase each : cases) {
            page.append(row(each));
        }
        page.append(LEGEND);
        for (CongestionCase each : cases) {
            String file = file(each);
            Files.writeString(plots.resolve(file), plot(each));
            page.append("\n**%s, %s**\n\n![%s](congestion-cases/%s)\n"
                    .formatted(each.section, each.title, each.title, file));
        }
        Files.writeString(docs.resolve("congestion-cases.md"), page);
    }

    private static final String INTRODUCTION = """
            # The cases of RFC 8867

            How the estimate of [congestion.md](rfc/congestion.md) behaves in the cases of
            [RFC 8867](https://www.rfc-editor.org/rfc/rfc8867), in virtual time, with seed %d. This page and its plots are written by

                mvn -q -Pcongestion-cases -pl transport -am -DskipTests process-test-classes

            The sessions are real. Made up are the path (queues that drop from their end, 300 ms long, 50 ms each way where nothing else
            is said) and the encoder: 30 frames a second, their sizes within 30 %% of what the target allows, 1.5 Mbit/s at most, as the RFC
            has it. In the place of TCP there is an SCTP association with CUBIC (RFC 9438).

            | case | what | of what was there, %% | queue p50 / p95, ms | lost, %% | settled after, s | Mbit/s of each in the last two fifths | fairness |
            |---|---|---|---|---|---|---|---|
            """;

    private static final String LEGEND = """

            *Settled*: seconds from each change of the rate until, for three seconds in a row, three quarters of what was there were
            used with less than 150 ms of queue; – for never. *Fairness* is Jain's index of the media flows, 1 when all have the same.
            The figures are of the line whose rate is told; in 5.3 of the way forth.

            Not here: 6.1, as there is no priority between connections (tracks of one connection share alike), and 6.2, as marks of ECN
            are not read. Sizes of frames recorded from a real screen, and another implementation in the same lines, are missing.
            """;

    private static String row(CongestionCase each) {
        String settled = each.settled().stream()
                .map(seconds -> seconds < 0 ? "–" : String.valueOf(seconds))
                .collect(Collectors.joining(", "));
        String shares =
                each.flows.stream().filter(CongestionCase.Named::isMedia).count() == 0 ? "" : shares(each);
        return text(
                "| %s | %s | %.0f | %.0f / %.0f | %.2f | %s | %s | %.2f |\n",
                each.section,
                each.title,
                each.utilisation(),
                each.queueMillis(0.5),
                each.queueMillis(0.95),
                each.lost(),
                settled,
                shares(each),
                each.fairness());
    }

    private static String shares(CongestionCase each) {
        StringBuilder all = new StringBuilder();
        double others = 0;
        for (int i = 0; i < each.flows.size(); i++) {
            double share = each.shares().get(i);
            if (each.flows.get(i).isMedia()) {
                all.append(all.isEmpty() ? "" : ", ").append(text("%.2f", share));
            } else {
                others += share;
            }
        }
        return others > 0 ? all.append(text("; CUBIC %.2f", others)).toString() : all.toString();
    }

    private static String file(CongestionCase each) {
        String end = each.title.contains("1000 ms") ? "-long-queue" : "";
        return each.section.replace('.', '-') + end + ".svg";
    }

    /// Rates of the flows and of the line on the left scale, the queue's p95 on the right one.
    private static String plot(CongestionCase each) {
        double most = 0;
        for (int second = 0; second < each.seconds; second++) {
            most = Math.max(most, each.capacity(second) / 1e6);
        }
        double top = Math.ceil(most * 1.1 * 2) / 2;
        StringBuilder svg = new StringBuilder(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n",
                WIDTH, HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int tick = 0; tick <= 4; tick++) {
            double y = y(tick / 4.0);
            svg.append(text(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n",
                    LEFT, LEFT + PLOT_WIDTH, y, y));
            svg.append(text(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>\n", LEFT - 5, y + 4, top * tick / 4));
            svg.append(text(
                    "<text x=\"%d\" y=\"%.1f\" fill=\"#999999\">%.0f ms</text>\n",
                    LEFT + PLOT_WIDTH + 5, y + 4, MOST_MILLIS * tick / 4));
        }
        int step = each.seconds > 150 ? 50 : 20;
        for (int second = 0; second <= each.seconds; second += step) {
            svg.append(text(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>\n",
                    x(each, second), HEIGHT - 8, second));
        }
        svg.append(line(each, "#bbbbbb", 1, second -> queue(each, second) / MOST_MILLIS));
        svg.append(line(each, "#000000", 1.5, second -> each.capacity(second) / 1e6 / top));
        StringBuilder names = new StringBuilder("<tspan>Mbit/s: </tspan><tspan>line, </tspan>");
        int colour = 0;
        boolean bulk = false;
        for (CongestionCase.Named named : each.flows) {
            if (named.isMedia()) {
                String of = COLOURS.get(colour++ % COLOURS.size());
                svg.append(line(each, of, 1.5, second -> rate(named, second) / top));
                names.append(text("<tspan fill=\"%s\">%s, </tspan>", of, named.name()));
            } else {
                bulk = true;
            }
        }
        if (bulk) {
            svg.append(line(each, "#e0a000", 1, second -> bulk(each, second) / top));
            names.append("<tspan fill=\"#e0a000\">CUBIC, </tspan>");
        }
        names.append("<tspan fill=\"#999999\">queue p95</tspan>");
        svg.append(text("<text x=\"%d\" y=\"16\">%s</text>\n</svg>\n", LEFT, names));
        return svg.toString();
    }

    private static double rate(CongestionCase.Named named, int second) {
        return named.flow().meter().seconds.get(second).arrivedBps() / 1e6;
    }

    private static double bulk(CongestionCase each, int second) {
        return each.flows.stream()
                .filter(named -> !named.isMedia())
                .mapToDouble(named -> rate(named, second))
                .sum();
    }

    private static double queue(CongestionCase each, int second) {
        return each.flows.stream()
                .filter(named -> named.isMedia() && named.measured())
                .mapToDouble(named -> named.flow().meter().seconds.get(second).queueP95Millis())
                .max()
                .orElse(0);
    }

    private static String line(CongestionCase each, String colour, double width, IntToDoubleFunction share) {
        StringBuilder points = new StringBuilder();
        for (int second = 0; second < each.seconds; second++) {
            points.append(text("%.1f,%.1f ", x(each, second), y(Math.min(1, share.applyAsDouble(second)))));
        }
        return text(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" points=\"%s\"/>\n",
                colour, width, points.toString().trim());
    }

    private static double x(CongestionCase each, int second) {
        return LEFT + PLOT_WIDTH * (double) second / each.seconds;
    }

    private static double y(double share) {
        return TOP + PLOT_HEIGHT * (1 - share);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
