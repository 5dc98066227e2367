package dev.nearhand.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// What a test needs beyond a JDK. A missing tool skips the test, with a line in the build's closing summary; with
/// `-Dnearhand.require=all` it fails it.
///
/// This source folder is compiled into the tests of every module; there is no module for it.
public final class Requires {
    private Requires() {}

    /// The absolute path of a program on the `PATH`.
    ///
    /// @param aptPackage the Debian package that brings it, for the message
    public static Path tool(String program, String aptPackage) {
        Optional<Path> found = find(program);
        check(found.isPresent(), program + " (Debian package " + aptPackage + ")");
        return found.orElseThrow();
    }

    /// Skips or fails unless `present`.
    ///
    /// @param what what is missing otherwise, as a person would look for it
    public static void check(boolean present, String what) {
        if (present) {
            return;
        }
        String reason = "skipped, because " + what + " is missing";
        if (System.getProperty("nearhand.require", "installed").equals("all")) {
            Assertions.fail(what + " is missing, and -Dnearhand.require=all allows no skipped test");
        }
        note(reason);
        Assumptions.abort(reason);
    }

    /// A folder of hostile inputs to replay beside those that the project holds (`-Dnearhand.corpora=FOLDER`).
    public static Optional<Path> corpora() {
        String folder = System.getProperty("nearhand.corpora", "");
        return folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder));
    }

    public static Optional<Path> find(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path candidate = Path.of(folder, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static void note(String reason) {
        String test = StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().equals(Requires.class.getName()))
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .orElse("unknown test"));
        Path summary = Path.of(System.getProperty("nearhand.target", "target"), "skipped.txt");
        try {
            Files.createDirectories(summary.toAbsolutePath().getParent());
            Files.writeString(
                    summary, test + ": " + reason + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
