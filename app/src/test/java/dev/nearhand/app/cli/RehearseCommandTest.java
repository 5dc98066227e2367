package dev.nearhand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.session.ViewerListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the ahead-of-time cache is trained with: where a part of it fails the cache is made all the same, so that only
/// this test would tell.
class RehearseCommandTest {
    @Test
    void dataASessionAndTheWindowAreRehearsed() {
        AtomicInteger windowsOpened = new AtomicInteger();
        CommandLine line = Nearhand.commandLine(new Windows() {
            @Override
            public int home(Network network) {
                return windowsOpened.incrementAndGet();
            }

            @Override
            public int viewer(ViewOptions options, Optional<Duration> after, Optional<Path> snapshot) {
                throw new AssertionError("no viewer is asked for");
            }

            @Override
            public int watcher(
                    String place,
                    Function<ViewerListener, RemoteScreen> connector,
                    Optional<Duration> after,
                    Optional<Path> snapshot) {
                throw new AssertionError("no watcher is asked for");
            }
        });
        StringWriter said = new StringWriter();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        assertThat(line.execute("rehearse")).as("what the window returned").isEqualTo(1);
        assertThat(windowsOpened).hasValue(1);
        assertThat(said.toString()).as("nothing was left out").isEmpty();
    }

    @Test
    void nobodyIsToldOfIt() {
        StringWriter help = new StringWriter();
        CommandLine line = Nearhand.commandLine(new CommandLineTest().windows);
        line.setOut(new PrintWriter(help, true));
        line.execute("--help");
        assertThat(help.toString()).contains("peer").doesNotContain("rehearse");
    }
}
