package dev.nearhand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the ahead-of-time cache is trained with: where a part of it fails the cache is made all the same, so that only
/// this test would tell.
class RehearseCommandTest {
    @Test
    void dataASessionAndTheWindowAreRehearsed() {
        CommandLineTest desk = new CommandLineTest();
        CommandLine line = Nearhand.commandLine(desk.windows);
        StringWriter said = new StringWriter();
        line.setOut(new PrintWriter(said, true));
        line.setErr(new PrintWriter(said, true));
        assertThat(line.execute("rehearse")).isEqualTo(ExitCode.OK);
        assertThat(desk.opened).containsExactly("home");
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
