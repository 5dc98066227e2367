import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Starts the application image as a person would, without a display: two processes of it connect, a picture goes
/// along, and it is written. Ends with 1 where that does not happen, for the tests run from classes and not from here.
public final class ImageCheck {
    private static final long LIMIT_SECONDS = 120;
    private static final int LEAST_BYTES = 1_000;

    private ImageCheck() {}

    /// @param args the image's folder
    public static void main(String[] args) throws IOException, InterruptedException {
        Path image = Path.of(args[0]).toAbsolutePath();
        Path folder = Files.createDirectories(image.resolveSibling("check"));
        Path picture = folder.resolve("demo.png");
        Path log = folder.resolve("demo.txt");
        Files.deleteIfExists(picture);
        Process demo = new ProcessBuilder(
                        image.resolve("bin/nearhand").toString(),
                        "demo",
                        "--no-window",
                        "--after=1s",
                        "--snapshot=" + picture)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            demo.descendants().forEach(ProcessHandle::destroyForcibly);
            demo.destroyForcibly();
        }
        boolean works = demo.waitFor() == 0 && Files.exists(picture) && Files.size(picture) > LEAST_BYTES;
        if (!works) {
            System.out.println("the image does not show a screen to itself:\n" + Files.readString(log));
            System.exit(1);
        }
    }
}
