package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
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
            Peer peer = running.peer();
            JsonNode info = peer.call("info", Map.of());
            Judge judge = new Judge(drivers, folder);
            Map<Role, Map<Column, Outcome>> outcomes = new EnumMap<>(Role.class);
            for (Role role : Role.values()) {
                Scenarios scenarios = new Scenarios(peer, running.config(), role, info.path("cannot"));
                scenarios.data();
                scenarios.trickle();
                for (VideoCodec codec : codecs) {
                    scenarios.sent(codec);
                    scenarios.taken(codec, judge);
                }
                outcomes.put(role, new LinkedHashMap<>(scenarios.outcomes()));
            }
            String version = running.version().isEmpty() ? info.path("version").asText() : running.version();
            return new RowReport(row, "", version, outcomes, (System.nanoTime() - begin) / 1_000_000_000, peer.log());
        } catch (MissingException missing) {
            return RowReport.missing(row, missing.getMessage());
        } catch (Exception failure) {
            return RowReport.broken(row, "it does not start", failure.toString());
        }
    }
}
