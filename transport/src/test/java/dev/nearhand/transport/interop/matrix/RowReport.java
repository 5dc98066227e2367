package dev.nearhand.transport.interop.matrix;

import java.util.LinkedHashMap;
import java.util.Map;

/// How a row went.
///
/// @param missing why it did not run at all; empty when it did
/// @param version of the program
/// @param seconds that it took
/// @param log what the program said, for a person who looks for the reason of a failure
record RowReport(
        Row row, String missing, String version, Map<Role, Map<Column, Outcome>> outcomes, long seconds, String log) {
    /// It is there, and does not run.
    static RowReport broken(Row row, String why, String log) {
        Map<Column, Outcome> cells = new LinkedHashMap<>();
        Column.all().forEach(column -> cells.put(column, Outcome.fails(why)));
        return new RowReport(row, "", "", Map.of(Role.WE_OFFER, cells, Role.THEY_OFFER, cells), 0, log);
    }

    static RowReport missing(Row row, String why) {
        return new RowReport(row, why, "", Map.of(), 0, "");
    }

    long failures() {
        return outcomes.values().stream()
                .flatMap(cells -> cells.values().stream())
                .filter(outcome -> outcome.verdict() == Outcome.Verdict.FAILS)
                .count();
    }
}
