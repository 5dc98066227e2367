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
