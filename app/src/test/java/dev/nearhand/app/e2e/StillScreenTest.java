package dev.nearhand.app.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.Xvfb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// A screen on which nothing happens costs nothing, seen from the outside: the processor time that the kernel counts
/// for the host, and the RTP packets that a sniffer sees.
///
/// The same work counts for more while other programs empty the caches, so three minutes are measured, always, and
/// their median is what counts; none of them may have video.
class StillScreenTest {
    private static final int SECONDS = 60;
    private static final int MINUTES = 3;
    /// `CLK_TCK`: what the kernel's process times are counted in, on every Linux that Java runs on.
    private static final double TICKS_PER_SECOND = 100;
    /// RTP but not RTCP (RFC 5761 section 4), both with version 2, on loopback over IPv4.
    private static final String VIDEO = "udp and (udp[8] & 0xc0 = 0x80) and not (udp[9] >= 192 and udp[9] <= 223)";

    @Test
    void aStillScreenOf1080pCostsUnderOnePercentOfACoreAndSendsNoVideo() throws InterruptedException {
        Path sniffer = Requires.tool("tshark", "tshark");
        try (Xvfb host = Xvfb.start(1920, 1080);
                NearhandProcess share = NearhandProcess.start(
                        host.display(), "share", "--port", "0", "--bind", "127.0.0.1", "--yes", "--source", "x11")) {
            host.run("xsetroot", "-solid", "#2e5e8c");
            String address = share.await("(\\S+:\\d+)", Duration.ofSeconds(40)).group(1);
            String code = share.await("(\\d{3} \\d{3} \\d{3})", Duration.ofSeconds(40))
                    .group(1)
                    .replace(" ", "");
            try (NearhandProcess view = NearhandProcess.start(
                    host.display(), "view", address, code, "--after", "300s", "--stats", "--snapshot", "/dev/null")) {
                // the picture has come and has been refined, and the last report about it has been made
                for (int second = 0; second < 12; second++) {
                    view.await("1920×1080 · 0 frames/s", Duration.ofSeconds(60));
                }
                double[] ofACore = new double[MINUTES];
                for (int minute = 0; minute < MINUTES; minute++) {
                    double before = cpuSeconds(share.pid());
                    String packets = sniff(sniffer);
                    ofACore[minute] = (cpuSeconds(share.pid()) - before) / SECONDS;
                    assertThat(packets.lines().filter(line -> !line.isBlank())).isEmpty();
                    assertThat(view.isAlive()).isTrue();
                }
                String each = Arrays.toString(ofACore);
                Arrays.sort(ofACore);
                assertThat(ofACore[MINUTES / 2])
                        .as("of a core, by the host: %s", each)
                        .isLessThan(0.01);
                System.out.println("of a core, by the host, minute by minute: " + each);
            }
        }
    }

    /// A line for each packet of video within the next minute.
    private static String sniff(Path sniffer) throws InterruptedException {
        try {
            Process capture = new ProcessBuilder(
                            sniffer.toString(), "-i", "lo", "-n", "-Q", "-l", "-a", "duration:" + SECONDS, "-f", VIDEO)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String lines = new String(capture.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(capture.waitFor()).as("the sniffer's exit code").isZero();
            return lines;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
