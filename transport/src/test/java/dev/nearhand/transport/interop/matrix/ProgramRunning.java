package dev.nearhand.transport.interop.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nearhand.transport.api.PeerConfig;
import java.util.List;
import java.util.Map;

/// A program behind a driver.
///
/// @param packaged the version of its package; empty when the driver tells its own
/// @param config of our side
/// @param helpers ended with it
record ProgramRunning(Peer peer, String packaged, PeerConfig config, List<AutoCloseable> helpers)
        implements Row.Running {
    ProgramRunning(Peer peer, String packaged) {
        this(peer, packaged, PeerConfig.defaults(), List.of());
    }

    private JsonNode info() {
        return peer.call("info", Map.of());
    }

    @Override
    public String version() {
        return packaged.isEmpty() ? info().path("version").asText() : packaged;
    }

    @Override
    public Cells cells(Role role) {
        return new Scenarios(peer, config, role, info().path("cannot"));
    }

    @Override
    public String log() {
        return peer.log();
    }

    @Override
    public void close() {
        peer.close();
        for (AutoCloseable helper : helpers) {
            try {
                helper.close();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
