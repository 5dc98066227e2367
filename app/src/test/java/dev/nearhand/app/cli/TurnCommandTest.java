package dev.nearhand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.RemoteScreen;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.session.ViewerListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TurnCommandTest {
    private static final byte[] BINDING = HexFormat.of().parseHex("000100002112a442" + "000102030405060708090a0b");
    private static final int PATIENCE_MILLIS = 30_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        CommandLine line = Nearhand.commandLine(new Windows() {
            @Override
            public int home(Network network) {
                return 0;
            }

            @Override
            public int viewer(ViewOptions options, Optional<Duration> after, Optional<Path> snapshot) {
                return 0;
            }

            @Override
            public int watcher(
                    String place,
                    Function<ViewerListener, RemoteScreen> connector,
                    Optional<Duration> after,
                    Optional<Path> snapshot) {
                return 0;
            }
        });
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void itListensAndAnswersUntilItIsEnded() throws Exception {
        Path users = file("users", "someone:a password\n");
        Thread command = Thread.ofPlatform()
                .start(() -> run("turn", "--bind", "127.0.0.1", "--port", "0", "--user-file", users.toString()));
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            Pattern said = Pattern.compile("TURN: port (\\d+)");
            Matcher port = said.matcher(out.toString());
            long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
            while (!port.find()) {
                assertThat(System.nanoTime()).as("%s%s", out, err).isLessThan(end);
                Thread.sleep(20); // between two looks at what it prints
                port = said.matcher(out.toString());
            }
            socket.setSoTimeout(PATIENCE_MILLIS);
            int number = Integer.parseInt(port.group(1));
            socket.send(new DatagramPacket(BINDING, BINDING.length, InetAddress.ofLiteral("127.0.0.1"), number));
            DatagramPacket answer = new DatagramPacket(new byte[500], 500);
            socket.receive(answer);
            assertThat(answer.getData()).startsWith(1, 1);
        } finally {
            command.interrupt();
            command.join(PATIENCE_MILLIS);
        }
        assertThat(command.isAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "turn|--bind",
                "turn --bind 127.0.0.1|--secret-file",
                "turn --bind 127.0.0.1 --secret-file /nowhere/x|cannot be read",
                "turn --bind 127.0.0.1 --user-file USERS --tls-port 443|--certificate",
                "turn --bind 127.0.0.1 --user-file USERS --relay-ports 5|49152-65535",
                "turn --bind 127.0.0.1 --user-file USERS --relay-ports 9-5|not behind",
                "turn --bind 127.0.0.1 --user-file USERS --allow-peers 10.0.0.0/99|longer",
                "turn --bind 127.0.0.1 --user-file WRONG|NAME:PASSWORD"
            })
    void whatCannotBeIsSaidInASentence(String arguments, String sentence) throws IOException {
        String line = arguments
                .replace("USERS", file("users", "someone:a password\n").toString())
                .replace("WRONG", file("wrong", "someone\n").toString());
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains(sentence);
    }
}
