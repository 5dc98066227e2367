package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.Uplink;
import dev.nearhand.testing.net.Uplink.Blocked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A session goes on through what happens to a viewer's network, seen from the outside: the picture in its window moves
/// again and what is typed there arrives. The person at the host is asked once, and would have to be asked again for a
/// second session. How long it takes is printed; the bound that fails is a generous one.
class RoamingDeskTest {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final Duration BOUND = Duration.ofSeconds(40);
    private static final Duration MOVES_WITHIN = Duration.ofSeconds(3);
    private static final int CHANGES = 3;

    @TempDir
    private Path folder;

    private Xvfb host;
    private Xvfb viewer;
    private DistantDesks desks;

    @BeforeEach
    void aScreenThatMovesAndTakesKeys() {
        Requires.tool("xterm", "xterm");
        Requires.tool("xdotool", "xdotool");
        Requires.tool("xwd", "x11-apps");
        host = Xvfb.start(WIDTH, HEIGHT);
        viewer = Xvfb.start(WIDTH + 24, HEIGHT + 130);
        String program =
                "stty -icanon -echo; cat < /dev/tty > " + typed() + " & while :; do date +%N; sleep 0.05; done";
        host.start("xterm", "-geometry", "110x40+0+0", "-e", "sh", "-c", program);
        host.run("xdotool", "mousemove", "300", "200");
        desks = new DistantDesks(folder.resolve("lab"));
        desks.translate(Nat.PORT_RESTRICTED, Nat.PORT_RESTRICTED);
    }

    @AfterEach
    void end() {
        if (desks != null) {
            desks.close();
        }
        viewer.close();
        host.close();
    }

    @Test
    void pictureAndInputAreBackAfterEveryChangeOfTheNetworkAndNobodyIsAskedAgain() throws InterruptedException {
        try (DistantDesks.Shared shared = desks.share(host);
                NearhandProcess view = desks.view(shared, viewer.display(), desks.servers(), List.of())) {
            letIn(shared.process());
            Await.until(DistantDesks.PATIENCE, () -> said(shared, view), this::picturesMove);
            viewer.run("xdotool", "mousemove", "300", "300", "click", "1");
            Await.until(DistantDesks.PATIENCE, () -> said(shared, view), this::inputArrives);
            try {
                changeNetworks();
                Uplink link = desks.lab.uplinkA();
                link.block(Blocked.EVERYTHING);
                TimeUnit.SECONDS.sleep(30); // the time that the link is down
                link.block(Blocked.NOTHING);
                report("link down for 30 s");

                desks.rendezvous.kill();
                TimeUnit.SECONDS.sleep(5); // for whoever would notice
                report("rendezvous killed");
            } catch (AssertionError failure) {
                throw new AssertionError(said(shared, view), failure);
            }
            assertThat(shared.process().isAlive() && view.isAlive()).isTrue();
        }
    }

    private void changeNetworks() throws InterruptedException {
        Uplink first = desks.lab.uplinkA();
        Uplink second = desks.lab.secondUplinkA();
        first.disconnect();
        TimeUnit.SECONDS.sleep(1); // on the way from one network to the other
        second.connect();
        report("another address");
        second.disconnect();
        TimeUnit.SECONDS.sleep(1);
        first.connect();
        report("back at the first address");
    }

    private void letIn(NearhandProcess share) {
        Await.until(DistantDesks.PATIENCE, () -> "never live: " + share.output(), () -> {
            share.say("c"); // an answer to no question is ignored
            return share.output().stream().anyMatch(line -> line.contains("\"state\":\"LIVE\""));
        });
    }

    /// Waits until the picture moves and what is typed arrives, counted from now.
    private void report(String what) {
        long before = System.nanoTime();
        Await.until(BOUND, () -> what + ": no picture", this::picturesMove);
        long picture = System.nanoTime();
        Await.until(BOUND, () -> what + ": no input", this::inputArrives);
        System.out.printf(
                "%s: picture after %d ms, input after %d ms%n",
                what, (picture - before) / 1_000_000, (System.nanoTime() - before) / 1_000_000);
    }

    /// Whether the middle of the viewer's window changes again and again within a few seconds.
    private boolean picturesMove() {
        long deadline = System.nanoTime() + MOVES_WITHIN.toNanos();
        int[] last = middle();
        for (int changes = 0; System.nanoTime() < deadline; ) {
            int[] next = middle();
            if (!Arrays.equals(last, next) && ++changes == CHANGES) {
                return true;
            }
            last = next;
        }
        return false;
    }

    private int[] middle() {
        ScreenPicture picture = ScreenPicture.of(viewer);
        int[] part = new int[WIDTH];
        System.arraycopy(picture.rgb(), picture.width() * (picture.height() / 2), part, 0, WIDTH);
        return part;
    }

    /// Whether a key that is typed now makes what the host's program has read longer.
    private boolean inputArrives() {
        long before = length(typed());
        viewer.run("xdotool", "key", "a");
        long deadline = System.nanoTime() + Duration.ofMillis(300).toNanos();
        while (System.nanoTime() < deadline) {
            if (length(typed()) > before) {
                return true;
            }
            LockSupport.parkNanos(5_000_000);
        }
        return false;
    }

    private Path typed() {
        return folder.resolve("typed.txt");
    }

    private static long length(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String said(DistantDesks.Shared shared, NearhandProcess view) {
        return "host: " + shared.process().output() + " viewer: " + view.output();
    }
}
