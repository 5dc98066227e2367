package dev.nearhand.transport.interop.matrix;

import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.VideoCodec;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the whole matrix and writes the page about it: `mvn -Pinterop -pl transport process-test-classes`. Properties
/// choose: `-Dinterop.rows=pion,aiortc` some rows (nothing is written then, but printed), `-Dinterop.codecs=VP8` some
/// codecs.
public final class InteropMatrix {
    private InteropMatrix() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(System.getProperty("nearhand.root", "."));
        List<String> chosen = words("interop.rows");
        List<VideoCodec> codecs = words("interop.codecs").isEmpty()
                ? List.of(VideoCodec.values())
                : words("interop.codecs").stream().map(VideoCodec::valueOf).toList();
        Rows rows = new Rows(root, Path.of(System.getProperty("nearhand.target", "target")));
        Path folder = Files.createTempDirectory("nh"); // short: the path of a socket has at most 107 bytes
        PrintStream out = System.out;
        List<RowReport> reports = new ArrayList<>();
        try (OutwardInterface _ = new OutwardInterface()) {
            for (Row row : rows.all()) {
                if (chosen.isEmpty() || chosen.contains(row.key())) {
                    RowReport report = new RowRunner(rows.drivers(), folder).run(row, codecs);
                    reports.add(report);
                    out.println(Page.summary(report));
                }
            }
        } finally {
            Folders.delete(folder);
        }
        if (chosen.isEmpty()) {
            Files.writeString(root.resolve("docs/interop.md"), Page.of(reports));
        } else {
            out.println(Page.of(reports));
        }
    }

    private static List<String> words(String property) {
        String value = System.getProperty(property, "");
        return value.isEmpty() ? List.of() : List.of(value.split(","));
    }
}
