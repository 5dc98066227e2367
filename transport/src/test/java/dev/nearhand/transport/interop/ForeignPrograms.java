package dev.nearhand.transport.interop;

import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.ForeignPeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Builds and starts the peers whose source lies in the test resources.
final class ForeignPrograms {
    private static final Path GO_LIBRARY = Path.of("/usr/share/gocode");
    private static final Path DEBIAN_PYTHON = Path.of("/usr/bin/python3");

    private ForeignPrograms() {}

    /// The echo by pion, as Debian packages it (Go without modules).
    ///
    /// @param options of the program
    static ForeignPeer pion(Path folder, String... options) {
        Path go = Requires.tool("go", "golang-go");
        Requires.check(
                Files.isDirectory(GO_LIBRARY.resolve("src/github.com/pion/webrtc")),
                "pion (Debian package golang-github-pion-webrtc.v3-dev)");
        Path program = folder.resolve("src/echo");
        copy("pion/main.go", program.resolve("main.go"));
        // without a go.mod beside it, Go does not take the /v3 out of import paths in this mode
        write("module echo\n\ngo 1.19\n", program.resolve("go.mod"));
        run(
                new ProcessBuilder(go.toString(), "build", "-o", "echo", "."),
                program,
                List.of("GO111MODULE=off", "GOPATH=" + folder + ":" + GO_LIBRARY, "GOFLAGS="));
        List<String> command = new ArrayList<>(List.of(program.resolve("echo").toString()));
        command.addAll(List.of(options));
        return new StdioPeer(command, folder);
    }

    /// The echo by aiortc, as Debian packages it.
    static ForeignPeer aiortc(Path folder) {
        return new StdioPeer(aiortcScript(folder, "aiortc_echo.py"), folder);
    }

    /// A publisher or player by aiortc over HTTP; see the script.
    ///
    /// @param mode `publish` or `play`
    static LineProcess aiortcWhip(Path folder, String mode, String url, String token) {
        List<String> command = new ArrayList<>(aiortcScript(folder, "aiortc_whip.py"));
        command.addAll(List.of(mode, url, token));
        return new LineProcess(new ProcessBuilder(command));
    }

    private static List<String> aiortcScript(Path folder, String name) {
        Requires.check(
                Files.isExecutable(DEBIAN_PYTHON)
                        && Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/aiortc")),
                "aiortc (Debian package python3-aiortc)");
        Path script = folder.resolve(name);
        copy(name, script);
        return List.of(DEBIAN_PYTHON.toString(), script.toString());
    }

    /// GStreamer's webrtcbin, which offers video with parity.
    static StdioPeer gstreamerParity(Path folder) {
        Path libraries = Path.of("/usr/lib/x86_64-linux-gnu");
        for (String element : List.of("webrtc", "nice", "vpx", "rtpmanager")) {
            Requires.check(
                    Files.exists(libraries.resolve("gstreamer-1.0/libgst" + element + ".so")),
                    "GStreamer's " + element + " (Debian packages gstreamer1.0-plugins-bad, -good, -nice)");
        }
        Requires.check(
                Files.exists(libraries.resolve("girepository-1.0/GstWebRTC-1.0.typelib"))
                        && Files.exists(Path.of("/usr/lib/python3/dist-packages/gi/overrides/Gst.py")),
                "GStreamer for Python (Debian packages gir1.2-gst-plugins-bad-1.0, python3-gst-1.0)");
        Path script = folder.resolve("gstreamer_parity.py");
        copy("gstreamer_parity.py", script);
        return new StdioPeer(List.of(DEBIAN_PYTHON.toString(), script.toString()), folder);
    }

    private static void run(ProcessBuilder builder, Path folder, List<String> environment) {
        try {
            environment.forEach(entry -> builder.environment().put(entry.split("=", 2)[0], entry.split("=", 2)[1]));
            builder.environment().putIfAbsent("GOCACHE", folder.resolve("cache").toString());
            Process process =
                    builder.directory(folder.toFile()).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(builder.command() + ":\n" + output);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stop);
        }
    }

    static byte[] resource(String name) {
        try (InputStream in = ForeignPrograms.class.getResourceAsStream("/interop/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void copy(String resource, Path to) {
        write(new String(resource(resource), StandardCharsets.UTF_8), to);
    }

    private static void write(String text, Path to) {
        try {
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            Files.writeString(to, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
