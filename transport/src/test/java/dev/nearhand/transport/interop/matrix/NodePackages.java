package dev.nearhand.transport.interop.matrix;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// What npm brings, in the versions that one file pins, installed into a folder of the build.
final class NodePackages {
    private static final long PATIENCE_SECONDS = 180;

    private final Path versions;
    private final Path folder;

    NodePackages(Path versions, Path folder) {
        this.versions = versions;
        this.folder = folder;
    }

    /// Installs them unless they are there.
    ///
    /// @throws MissingException when npm is missing, or cannot bring them
    Path modules() throws IOException, InterruptedException, MissingException {
        synchronized (NodePackages.class) { // several rows of the matrix may be the first
            return installed();
        }
    }

    private Path installed() throws IOException, InterruptedException, MissingException {
        Path modules = folder.resolve("node_modules");
        Path installed = folder.resolve("installed.json");
        if (Files.exists(installed) && Files.mismatch(installed, versions) < 0) {
            return modules;
        }
        String npm = Requires.find("npm")
                .orElseThrow(() -> new MissingException("npm (Debian package npm)"))
                .toString();
        Files.createDirectories(folder);
        Files.write(folder.resolve("package.json"), Files.readAllBytes(versions));
        // no package may run a script of its own: what they bring is ready
        Path log = folder.resolve("npm.log");
        Process process = new ProcessBuilder(npm, "install", "--no-audit", "--no-fund", "--ignore-scripts")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        if (!ended || process.exitValue() != 0) {
            String last = Files.readString(log, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("npm error code"))
                    .findFirst()
                    .orElse("no answer");
            throw new MissingException("what npm would bring (" + last + ")");
        }
        Files.write(installed, Files.readAllBytes(versions));
        return modules;
    }
}
