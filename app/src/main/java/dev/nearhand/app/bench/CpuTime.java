package dev.nearhand.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The processor time of a process and all that it started, from `/proc/PID/stat`.
final class CpuTime {
    /// `sysconf(_SC_CLK_TCK)`, 100 on every Linux that Java runs on.
    private static final double TICKS_PER_SECOND = 100;

    // fields of proc(5), counted behind the name in parentheses
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CUTIME = 13;
    private static final int CSTIME = 14;

    private CpuTime() {}

    /// Seconds so far; 0 for a process that is gone. Children that ended are counted when their parent has waited for
    /// them.
    static double seconds(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToDouble(handle -> seconds(handle.pid()))
                .sum();
    }

    private static double seconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return seconds(stat);
        } catch (IOException _) {
            return 0;
        }
    }

    static double seconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[UTIME])
                + Long.parseLong(fields[STIME])
                + Long.parseLong(fields[CUTIME])
                + Long.parseLong(fields[CSTIME]);
        return ticks / TICKS_PER_SECOND;
    }
}
