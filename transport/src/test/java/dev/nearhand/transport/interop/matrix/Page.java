package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.VideoCodec;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes `docs/interop.md`.
final class Page {
    private static final List<Column> DATA = List.of(
            Column.CONNECT,
            Column.ORDERED,
            Column.UNORDERED,
            Column.PARTIAL,
            Column.RESTART,
            Column.CLOSE,
            Column.TRICKLE);

    private Page() {}

    static String of(List<RowReport> reports) {
        Map<String, Integer> notes = new LinkedHashMap<>();
        StringBuilder page = new StringBuilder(head());
        page.append("## Connection and data\n\n").append(table(reports, DATA, notes));
        List<Column> sent = new ArrayList<>();
        for (VideoCodec codec : VideoCodec.values()) {
            sent.add(Column.sent(codec));
        }
        page.append("## Video of ours, received there\n\n").append(table(reports, sent, notes));
        List<Column> taken = new ArrayList<>();
        for (VideoCodec codec : VideoCodec.values()) {
            taken.add(Column.taken(codec));
        }
        page.append("## Video of theirs, decoded here\n\n").append(table(reports, taken, notes));
        page.append(versions(reports));
        page.append("## Reasons\n\n");
        notes.forEach(
                (why, number) -> page.append(number).append(". ").append(why).append('\n'));
        return page.toString();
    }

    private static String head() {
        return """
                # Who it talks to

                Written by `mvn -Pinterop -pl transport process-test-classes` on %s; every cell was run. The programs and how
                they are driven: `.build/interop/drivers`. Each cell has two marks: **we offer**, then **they offer**.

                | mark | |
                |---|---|
                | ✓ | works |
                | ✗ | fails; the number tells why |
                | – | cannot be, for a reason in the other program; the number tells it |

                What is checked: *connect*: words both ways over a data channel. *1 MiB*: 64 messages of 16 KiB each way, the
                options of the channel as the receiver sees them, SHA-256 of what came; *partially reliable* is unordered with
                three retransmissions. *ICE restart* is begun by the side that offers; words and an ordered transfer follow.
                *Close*: one side closes (we where we offer), the other tells so within 5 s. *Trickle*: no description holds a
                candidate. *Video*: 30 frames and the colours of the last one; a program without decoders compares the frames
                that it put together byte for byte instead. What comes from them is decoded by FFmpeg.

                """.formatted(LocalDate.now(ZoneOffset.UTC));
    }

    private static String table(List<RowReport> reports, List<Column> columns, Map<String, Integer> notes) {
        StringBuilder table = new StringBuilder();
        table.append("| |").append(columns.stream().map(Column::title).collect(Collectors.joining(" | ", " ", " |\n")));
        table.append("|---|").append("---|".repeat(columns.size())).append('\n');
        for (RowReport report : reports) {
            table.append("| ").append(report.row().title()).append(" |");
            for (Column column : columns) {
                table.append(' ').append(cell(report, column, notes)).append(" |");
            }
            table.append('\n');
        }
        return table.append('\n').toString();
    }

    private static String cell(RowReport report, Column column, Map<String, Integer> notes) {
        if (!report.missing().isEmpty()) {
            return "skipped" + note("skipped, because " + report.missing() + " is missing", notes);
        }
        String ours = mark(report, Role.WE_OFFER, column, notes);
        String theirs = mark(report, Role.THEY_OFFER, column, notes);
        return ours + " " + theirs;
    }

    private static String mark(RowReport report, Role role, Column column, Map<String, Integer> notes) {
        @Nullable
        Outcome outcome = report.outcomes().getOrDefault(role, Map.of()).get(column);
        if (outcome == null) {
            return "";
        }
        return switch (outcome.verdict()) {
            case WORKS -> "✓";
            case FAILS -> "✗" + note(outcome.why(), notes);
            case CANNOT_BE -> "–" + note(outcome.why(), notes);
        };
    }

    private static String note(String why, Map<String, Integer> notes) {
        return "<sup>" + notes.computeIfAbsent(why, _ -> notes.size() + 1) + "</sup>";
    }

    private static String versions(List<RowReport> reports) {
        StringBuilder table = new StringBuilder("## Versions\n\n| | version | from | seconds |\n|---|---|---|---|\n");
        for (RowReport report : reports) {
            table.append("| ")
                    .append(report.row().title())
                    .append(" | ")
                    .append(report.version().isEmpty() ? "–" : report.version())
                    .append(" | ")
                    .append(report.row().origin())
                    .append(" | ")
                    .append(report.seconds())
                    .append(" |\n");
        }
        return table.append('\n').toString();
    }

    /// A line for each cell that does not work, for the terminal.
    static String summary(RowReport report) {
        if (!report.missing().isEmpty()) {
            return report.row().title() + ": skipped, because " + report.missing() + " is missing";
        }
        StringBuilder text = new StringBuilder(report.row().title() + " " + report.version() + ": " + report.seconds()
                + " s, " + report.failures() + " fail");
        report.outcomes()
                .forEach((role, cells) -> cells.forEach((column, outcome) -> {
                    if (outcome.verdict() == Outcome.Verdict.FAILS) {
                        text.append("\n  ")
                                .append(role)
                                .append(' ')
                                .append(column.key())
                                .append(": ")
                                .append(outcome.why());
                    }
                }));
        if (report.failures() > 0 && !report.log().isBlank()) {
            text.append("\n  its log:\n").append(report.log());
        }
        return text.toString();
    }
}
