package dev.nearhand.transport.interop.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.VideoCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The quick columns of the matrix for every program that a package brings: data in every way, ICE restart, close,
/// trickle, and VP8 in both directions, in both roles.
class InteropMatrixTest {
    private static Path folder;
    private static OutwardInterface network;

    @BeforeAll
    static void begin() throws IOException {
        // not JUnit's, whose names are too long for the sockets that a browser makes in its profile
        folder = Files.createTempDirectory("nh");
        network = new OutwardInterface();
    }

    @AfterAll
    static void end() throws IOException {
        network.close();
        Folders.delete(folder);
    }

    private static Rows rows() {
        return new Rows(Path.of(System.getProperty("nearhand.root")), Path.of(System.getProperty("nearhand.target")));
    }

    static List<Row> programs() {
        return rows().all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    @Execution(ExecutionMode.CONCURRENT) // a program of its own each, which is waited for most of the time
    void everyCellWorksOrHasItsReason(Row row) {
        RowReport report = new RowRunner(rows().drivers(), folder).run(row, List.of(VideoCodec.VP8));
        Requires.check(report.missing().isEmpty(), report.missing());
        assertThat(report.failures()).as(Page.summary(report)).isZero();
        assertThat(report.outcomes()).hasSameSizeAs(Role.values());
    }
}
