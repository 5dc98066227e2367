package dev.nearhand.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlassBenchTest {
    @Test
    void aVncServerIsMeasuredFromGlassToGlass() {
        Requires.tool("Xvfb", "xvfb");
        Requires.tool("x11vnc", "x11vnc");
        Requires.tool("vncviewer", "tigervnc-viewer");
        GlassOptions options =
                new GlassOptions(List.of(), List.of(Scene.STILL, Scene.VIDEO, Scene.CLICK), 1280, 720, 3);
        GlassReport report = GlassBench.run(options, List.of(VncUnderTest.x11vnc()), _ -> {});
        assertThat(report.skipped()).isEmpty();
        assertThat(report.results()).extracting(GlassReport.Result::scene).containsExactly("still", "video", "click");
        for (GlassReport.Result result : report.results()) {
            assertThat(result.samples()).as("%s", result).isPositive();
            assertThat(result.p50Millis()).isPositive();
            assertThat(result.p99Millis()).isGreaterThanOrEqualTo(result.p50Millis());
            assertThat(result.bytesPerSecond()).isPositive();
        }
        assertThat(report.results().get(1).framesPerSecond()).isPositive();
        assertThat(report.markdown()).contains("| x11vnc + vncviewer | click |");
    }

    @Test
    void theMarkerIsFoundAmongOtherThingsThatChange() {
        int width = 200;
        boolean[] changed = new boolean[width * 120];
        for (int y = 37; y < 37 + 48; y++) {
            Arrays.fill(changed, y * width + 51, y * width + 51 + 48, true);
        }
        for (int x = 0; x < 200; x += 2) {
            changed[115 * width + x] = true;
        }
        assertThat(PicturePlace.square(changed, width, 120))
                .hasValueSatisfying(corner -> assertThat(corner).containsExactly(51, 37));
        assertThat(PicturePlace.square(new boolean[width * 120], width, 120)).isEmpty();
    }

    @Test
    void countersOfAnInterfaceAreAddedUp() {
        List<String> lines = List.of(
                "Inter-|   Receive                                                |  Transmit",
                " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs",
                "    lo:     500       5    0    0    0     0          0         0      500       5    0    0    0     0   0  0",
                "  eth0: 100       1    0    0    0     0          0         0       23       2    0    0    0     0   0   0");
        assertThat(Wire.bytes(lines, "eth0")).isEqualTo(123);
        assertThat(Wire.bytes(lines, "lo")).isEqualTo(500);
    }

    @Test
    void processorTimeIsReadBehindANameWithSpacesAndParentheses() {
        String stat = "7 (a) b) c) S 1 7 7 0 -1 4194560 1 0 0 0 150 50 25 25 20 0 1 0 100 0 0";
        assertThat(CpuTime.seconds(stat)).isEqualTo(2.5);
    }

    @Test
    void percentilesAreThoseOfTheNearestRank() {
        double[] sorted = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        assertThat(GlassMeasurement.percentile(sorted, 50)).isEqualTo(5);
        assertThat(GlassMeasurement.percentile(sorted, 95)).isEqualTo(10);
        assertThat(GlassMeasurement.percentile(new double[0], 50)).isZero();
    }
}
