package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import dev.nearhand.testing.interop.TestCertificate;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NetworkLab;
import dev.nearhand.testing.net.Uplink.Blocked;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program itself, with a real screen, from behind every NAT to behind every NAT: all nine connect, and pictures
/// arrive, through the relay only where there is no other way. So it is behind firewalls that let little out.
class DistantDesksTest {
    private static final int COLOUR = 0x2E5E8C;
    private static final int AT_A_TIME = 2;

    @TempDir
    private Path folder;

    private Xvfb screen;

    private record Cell(Nat viewer, Nat host, long pictureMillis, String path, boolean direct) {
        @Override
        public String toString() {
            return "%-16s %-16s %6d ms  %-7s %s"
                    .formatted(viewer, host, pictureMillis, direct ? "direct" : "relayed", path);
        }
    }

    /// What a viewer saw of a connection.
    private record Seen(long pictureMillis, boolean direct, String path) {}

    @BeforeEach
    void aScreenOnWhichSomethingMoves() {
        Requires.tool("xterm", "xterm");
        screen = Xvfb.start(640, 480);
        screen.run("xsetroot", "-solid", "#%06x".formatted(COLOUR));
        screen.start("xterm", "-geometry", "40x10+10+10", "-e", "sh", "-c", "while :; do date +%N; sleep 0.05; done");
    }

    @AfterEach
    void end() {
        screen.close();
    }

    @Test
    void allNinePairsSeeTheScreenAndOnlyThoseThatMustUseTheRelay() throws Exception {
        List<Cell> table = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            try {
                List<Future<List<Cell>>> rows = new ArrayList<>();
                for (Nat viewer : Nat.values()) {
                    rows.add(threads.submit(() -> row(viewer)));
                }
                for (Future<List<Cell>> row : rows) {
                    table.addAll(row.get());
                }
            } finally {
                threads.shutdownNow(); // the first that fails ends the others
            }
        }
        System.out.println("viewer           host             first picture");
        table.forEach(System.out::println);
        assertThat(table).allSatisfy(cell -> {
            assertThat(cell.direct).isEqualTo(cell.viewer.reaches(cell.host));
            assertThat(cell.path.contains("relay")).isNotEqualTo(cell.direct);
        });
    }

    private List<Cell> row(Nat viewer) throws InterruptedException {
        List<Cell> cells = new ArrayList<>();
        try (DistantDesks desks = new DistantDesks(folder.resolve(viewer.name()))) {
            for (Nat host : Nat.values()) {
                desks.translate(viewer, host);
                Seen seen = look(desks, viewer + "-" + host, desks.servers(), List.of());
                cells.add(new Cell(viewer, host, seen.pictureMillis, seen.path, seen.direct));
            }
        }
        return cells;
    }

    @Test
    void whereNoUdpGetsOutTheScreenIsSeenThroughTheRelayOverTcp() throws InterruptedException {
        try (DistantDesks desks = new DistantDesks(folder.resolve("lab"))) {
            desks.translate(Nat.CONE, Nat.SYMMETRIC);
            desks.lab.uplinkA().block(Blocked.UDP);
            Seen seen = look(desks, "tcp", desks.allServers(), List.of());
            System.out.println("no UDP: first picture after " + seen.pictureMillis + " ms, " + seen.path);
            assertThat(seen.path).startsWith("relay/");
        }
    }

    @Test
    void whereOnlyTcpPort443GetsOutTheScreenIsSeenThroughTheRelayOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.create(folder, NetworkLab.SERVERS.getFirst());
        try (DistantDesks desks = new DistantDesks(folder.resolve("lab"), certificate.coturnOptions())) {
            desks.translate(Nat.CONE, Nat.SYMMETRIC);
            desks.lab.uplinkA().block(Blocked.ALL_BUT_TCP_443);
            Seen seen = look(
                    desks,
                    "tls",
                    desks.allServers(),
                    List.of(certificate.trustingOptions(folder.resolve("trusted.p12"))));
            System.out.println("only port 443: first picture after " + seen.pictureMillis + " ms, " + seen.path);
            assertThat(seen.path).startsWith("relay/");
        }
    }

    private Seen look(DistantDesks desks, String name, List<String> servers, List<String> javaOptions)
            throws InterruptedException {
        Path picture = folder.resolve(name + ".png");
        try (DistantDesks.Shared shared = desks.share(screen, "--yes")) {
            long before = System.nanoTime();
            String[] options = {"--no-window", "--snapshot", picture.toString(), "--after", "6s"};
            try (NearhandProcess view = desks.view(shared, "", servers, javaOptions, options)) {
                view.await("\"type\":\"figures\"", DistantDesks.PATIENCE);
                long millis = (System.nanoTime() - before) / 1_000_000;
                boolean direct = desks.lab.uplinkB().goesDirectly();
                assertThat(view.awaitExit(DistantDesks.PATIENCE)).isZero();
                showsTheScreen(picture);
                return new Seen(millis, direct, lastPath(view.output()));
            } catch (AssertionError failure) {
                throw new AssertionError(name + ": " + shared.process().output(), failure);
            }
        }
    }

    private static String lastPath(List<String> lines) {
        Pattern path = Pattern.compile("\"path\":\"([^\"]+)\"");
        String last = "";
        for (String line : lines) {
            Matcher found = path.matcher(line);
            if (found.find()) {
                last = found.group(1);
            }
        }
        return last;
    }

    private static void showsTheScreen(Path file) {
        try {
            BufferedImage picture = ImageIO.read(file.toFile());
            assertThat(picture.getWidth()).isEqualTo(640);
            int seen = picture.getRGB(600, 440);
            for (int shift = 0; shift <= 16; shift += 8) {
                assertThat(seen >> shift & 0xFF)
                        .as("the screen's colour as it arrived: %06x", seen)
                        .isBetween((COLOUR >> shift & 0xFF) - 8, (COLOUR >> shift & 0xFF) + 8);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
