package dev.nearhand.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.app.diagnostics.OwnCommand;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo as a person runs it: real processes, without a display.
class DemoTest {
    private static final long LIMIT_SECONDS = 180;

    @TempDir
    @org.jspecify.annotations.Nullable
    Path folder;

    private Path file(String name) {
        return java.util.Objects.requireNonNull(folder).resolve(name);
    }

    private static Process start(Path output, List<String> arguments) throws IOException {
        List<String> command = OwnCommand.begin(List.of("-ea"));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().remove("DISPLAY");
        return builder.start();
    }

    @Test
    void endsByItselfWithAPictureOfTheSyntheticScreen() throws Exception {
        Path picture = file("picture.png");
        Path output = file("output.txt");
        Process demo = start(output, List.of("demo", "--after", "2s", "--snapshot", picture.toString()));
        try {
            assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            demo.destroyForcibly();
        }
        String said = Files.readString(output);

        assertThat(demo.exitValue()).as(said).isZero();
        assertThat(said)
                .contains("1280×720")
                .contains("frames/s")
                .contains("Wrote ")
                .doesNotContain("Exception");
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(1280);
        assertThat(image.getHeight()).isEqualTo(720);
        // the desktop around the window full of text, and its paper
        assertThat(isNear(image.getRGB(20, 360), 0x2b5d7e)).isTrue();
        assertThat(isNear(image.getRGB(82, 78), 0xfafafa)).isTrue();
    }

    @Test
    void itsProcessesEndWithItEvenWhenItIsKilled() throws Exception {
        Path output = file("output.txt");
        Process demo = start(
                output,
                List.of(
                        "demo",
                        "--after",
                        "10m",
                        "--snapshot",
                        file("never.png").toString()));
        try {
            Await.until("a picture", () -> contains(output, "frames/s"));
            List<ProcessHandle> children = demo.children().toList();
            assertThat(children).hasSize(2);

            demo.destroyForcibly().waitFor();

            Await.until("both are gone", () -> children.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean isNear(int rgb, int expected) {
        for (int shift = 0; shift < 24; shift += 8) {
            if (Math.abs((rgb >> shift & 0xff) - (expected >> shift & 0xff)) > 12) {
                return false;
            }
        }
        return true;
    }
}
