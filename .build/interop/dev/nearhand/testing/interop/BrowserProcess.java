package dev.nearhand.testing.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What pages of all browsers have in common: a process, and a socket to it over which it is steered.
abstract class BrowserProcess implements BrowserPage {
    private final Process process;
    private final Log log;
    private final PageSocket socket;

    /// @param listening the beginning of the line in which it says where its socket is
    /// @param path of the socket below that
    BrowserProcess(ProcessBuilder builder, String listening, String path) {
        try {
            process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        log = new Log(process.errorReader(StandardCharsets.UTF_8), line -> line.startsWith(listening));
        try {
            String address = PageSocket.await(log.wantedLine()).substring(listening.length());
            socket = new PageSocket(URI.create(address + path));
        } catch (RuntimeException failure) {
            Log.end(process);
            throw failure;
        }
    }

    /// What tells the browser to end.
    abstract String quitMethod();

    final JsonNode call(String method, Map<String, ?> parameters) {
        return socket.call(method, parameters, Map.of(), true);
    }

    /// @param more beside the method and its parameters
    /// @param limit as in [#evaluate]
    final JsonNode call(String method, Map<String, ?> parameters, Map<String, ?> more, boolean limit) {
        return socket.call(method, parameters, more, limit);
    }

    @Override
    public final String log() {
        return log.text();
    }

    @Override
    public final void close() {
        try {
            call(quitMethod(), Map.of());
            process.waitFor(ForeignPeer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (RuntimeException gone) {
            // it ends below in any case
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        Log.end(process);
        socket.close();
    }
}
