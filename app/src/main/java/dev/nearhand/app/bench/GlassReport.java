package dev.nearhand.app.bench;

import java.util.List;
import java.util.Locale;

/// What was measured, and how.
///
/// @param wire how bytes were counted
/// @param machine processor count and system, because figures of another machine cannot be compared
/// @param skipped systems that could not run, with the reason
public record GlassReport(
        String date, String machine, String display, String wire, List<Result> results, List<Skipped> skipped) {
    public GlassReport {
        results = List.copyOf(results);
        skipped = List.copyOf(skipped);
    }

    /// One scene of one system.
    ///
    /// @param samples how many changes were seen; the percentiles are of these, in milliseconds
    /// @param lost changes that were not seen within three seconds
    /// @param framesPerSecond delivered pictures of a moving scene, 0 otherwise
    /// @param hostCpuPercent of one core, processes of the system beside the host's display
    /// @param serverCpuPercent of one core, both X servers
    /// @param bytesPerSecond on the wire
    public record Result(
            String system,
            String scene,
            int samples,
            int lost,
            double p50Millis,
            double p95Millis,
            double p99Millis,
            double framesPerSecond,
            double hostCpuPercent,
            double viewerCpuPercent,
            double serverCpuPercent,
            double bytesPerSecond) {}

    /// A system that could not be measured.
    public record Skipped(String system, String reason) {}

    /// A table for docs/benchmarks.md.
    public String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(date)
                .append(", ")
                .append(machine)
                .append(", host display ")
                .append(display)
                .append(". Bytes: ")
                .append(wire)
                .append(".\n\n");
        text.append(
                "| system | scene | p50 ms | p95 ms | p99 ms | changes (lost) | pictures/s | host CPU % | viewer CPU % "
                        + "| X servers CPU % | KB/s |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (Result result : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f | %.1f | %.1f | %d (%d) | %s | %.0f | %.0f | %.0f | %.1f |%n",
                    result.system(),
                    result.scene(),
                    result.p50Millis(),
                    result.p95Millis(),
                    result.p99Millis(),
                    result.samples(),
                    result.lost(),
                    result.framesPerSecond() == 0 ? "–" : String.format(Locale.ROOT, "%.1f", result.framesPerSecond()),
                    result.hostCpuPercent(),
                    result.viewerCpuPercent(),
                    result.serverCpuPercent(),
                    result.bytesPerSecond() / 1000));
        }
        for (Skipped system : skipped) {
            text.append("\nNot measured: ")
                    .append(system.system())
                    .append(", because ")
                    .append(system.reason())
                    .append(".\n");
        }
        return text.toString();
    }
}
