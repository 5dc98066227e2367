package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.VideoCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Starts a program and runs its cells.
final class RowRunner {
    private final Path drivers;
    private final Path folder;

    /// @param folder for what the programs leave
    RowRunner(Path drivers, Path folder) {
        this.drivers = drivers;
        this.folder = folder;
    }

    /// @param codecs to send and to receive video in, in both roles
    RowReport run(Row row, List<VideoCodec> codecs) {
        long begin = System.nanoTime();
        try (Row.Running running = row.starter().start(Files.createDirectory(folder.resolve(row.key())))) {
            Judge judge = new Judge(drivers, folder);
            Map<Role, Map<Column, Outcome>> outcomes = new EnumMap<>(Role.class);
            for (Role role : Role.values()) {
                Cells cells = running.cells(role);
                cells.data();
                cells.trickle();
                for (VideoCodec codec : codecs) {
                    cells.sent(codec);
                    cells.taken(codec, judge);
                }
                outcomes.put(role, new LinkedHashMap<>(cells.outcomes()));
            }
            return new RowReport(
                    row, "", running.version(), outcomes, (System.nanoTime() - begin) / 1_000_000_000, running.log());
        } catch (MissingException missing) {
            return RowReport.missing(row, missing.getMessage());
        } catch (Exception failure) {
            return RowReport.broken(row, "it does not start", failure.toString());
        }
    }
}
