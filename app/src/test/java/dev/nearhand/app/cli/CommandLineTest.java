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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    final List<String> opened = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    final Windows windows = new Windows() {
        @Override
        public int home(Network network) {
            opened.add("home");
            return 0;
        }

        @Override
        public int viewer(ViewOptions options, Optional<Duration> after, Optional<Path> snapshot) {
            opened.add(options.target().shown() + " " + options.code() + " " + after + " " + snapshot);
            return 0;
        }

        @Override
        public int watcher(
                String place,
                Function<ViewerListener, RemoteScreen> connector,
                Optional<Duration> after,
                Optional<Path> snapshot) {
            opened.add("watch " + place);
            return 0;
        }
    };

    private int run(String... arguments) {
        return run(Nearhand.commandLine(windows), arguments);
    }

    private int run(CommandLine line, String... arguments) {
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "share", "view", "publish", "watch", "rendezvous", "turn", "demo", "doctor", "peer"})
    void everyCommandHasHelpThatFitsATerminalAndNamesTheExitCodes(String command) {
        int code = command.isEmpty() ? run("--help") : run(command, "--help");

        assertThat(code).isZero();
        assertThat(out.toString())
                .startsWith("Usage: nearhand")
                .contains("Exit codes:")
                .contains("--verbose");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
        assertThat(out.toString()).doesNotContain("until-stdin-closes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "--version",
                "-V",
                "--bogus",
                "bogus",
                "help",
                "help share",
                "share --help",
                "--verbose share --help",
                "share --bogus",
                "share view",
                "view 127.0.0.1",
                "publish -v --whep-listen 0 --fps 0",
                "peer --version",
                "bench",
                "bench --help"
            })
    void aCommandLineMadeForItsArgumentsSaysAndDoesWhatTheWholeOneDoes(String text) {
        String[] arguments = text.isEmpty() ? new String[0] : text.split(" ");
        int code = run(arguments);
        List<String> whole = List.of(code + "", out.toString(), err.toString(), opened.toString());
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        opened.clear();

        code = run(Nearhand.commandLineFor(List.of(arguments), windows), arguments);

        assertThat(List.of(code + "", out.toString(), err.toString(), opened.toString()))
                .isEqualTo(whole);
    }

    @Test
    void aCommandIsNamedAsItsClass() {
        CommandLine line = Nearhand.commandLine(windows);

        assertThat(line.getSubcommands()).hasSizeGreaterThan(10);
        line.getSubcommands().forEach((name, command) -> assertThat(
                        Nearhand.name(command.getCommandSpec().userObject().getClass()))
                .isEqualTo(name));
    }

    @Test
    void onlyTheCommandThatIsNamedFirstIsMade() {
        assertThat(Nearhand.commandLineFor(List.of(), windows).getSubcommands()).isEmpty();
        assertThat(Nearhand.commandLineFor(List.of("share", "view"), windows).getSubcommands())
                .containsOnlyKeys("share");
        assertThat(Nearhand.commandLineFor(List.of("help", "share"), windows).getSubcommands())
                .containsKeys("share", "view", "help");
    }

    @Test
    void theVersionIsThatOfTheBuild() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).containsPattern("nearhand \\d+\\.\\d+").doesNotContain("${");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bogus|bogus",
                "view|ADDRESS",
                "view 127.0.0.1|CODE",
                "view a 123456789 --after soon|duration",
                "share --port 70000|0 to 65535",
                "publish|--whip",
                "publish --whip ftp://example.net/x|http",
                "publish --whip http://example.net/x --whep-listen 0|mutually exclusive",
                "publish --whep-listen 70000|0 to 65535",
                "publish --whep-listen 0 --fps 0|1 to 120",
                "watch|--whep",
                "watch --whep http://example.net/x --token ä|token",
                "share --size 0x0|size",
                "share --source cinema|auto",
                "share --bitrate 0|1 to 200",
                "share --bogus|bogus",
                "share --rendezvous not/one|rendezvous",
                "rendezvous --port 70000|0 to 65535",
                "share --ice-server http://x|stun:",
                "share --ice-server stun:x:99999|65535",
                "share --ice-server turn:x|--ice-user",
                "view a 123456789 --ice-server turn:x --ice-user me|--ice-password-file",
                "view a 123456789 --ice-server turn:x --ice-user me --ice-password-file /nowhere/x|cannot be read",
                "share --proxy http://127.0.0.1:3128|TURN over TCP",
                "demo --ice-policy relay|TURN server",
                "demo --ice-policy relay --discover-turn|TURN server",
                "share --discover-turn --ice-user me|--ice-password-file",
                "demo --ice-policy some|relay"
            })
    void whatCannotBeUnderstoodIsOneSentenceAndACommandToTry(String arguments, String says) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).containsIgnoringCase(says).contains("--help").doesNotContain("Exception");
        assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void anAddressWhereNobodyListensIsOneSentence() {
        assertThat(run("view", "127.0.0.1:9", "123 456 789", "--snapshot", "never.png"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("Nothing listens at 127.0.0.1:9").contains("check");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void aCodeInGroupsIsOneCode() {
        assertThat(run("view", "127.0.0.1:9", "123", "456", "78", "--snapshot", "never.png"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("has 9 digits, this one has 8");
    }

    @Test
    void theDoctorLooksAtEverythingAndPrintsNoAddress() {
        int code = run("doctor");

        assertThat(code).isIn(ExitCode.OK, ExitCode.MISSING);
        assertThat(out.toString())
                .contains("display", "screen by X11", "screen by FFmpeg", "input", "encoder", "decoder")
                .contains("network", "connection", "window")
                .doesNotContainPattern("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    @ParameterizedTest
    @CsvSource({"8s, 8000", "500ms, 500", "2m, 120000", "3, 3000", "1h, 3600000"})
    void durationsAreWrittenAsPeopleDo(String text, long millis) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(millis));
    }
}
