import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/// Trains the application image: has it rehearse once without a display what should be quick later, keeps what the JVM
/// loaded, linked and learned on the way as an ahead-of-time cache (JEP 483, 514, 515), and has the launcher use it
/// from then on.
///
/// Where the training cannot run (no fonts, another system), it says so and leaves an image that works without.
public final class AotCache {
    private static final long LIMIT_SECONDS = 300;

    private AotCache() {}

    /// @param args the image's folder
    public static void main(String[] args) throws IOException, InterruptedException {
        Path image = Path.of(args[0]);
        Path launcher = image.resolve("bin/nearhand");
        Path config = image.resolve("lib/app/nearhand.cfg");
        Path cache = image.resolve("lib/app/nearhand.aot");
        if (!Files.isExecutable(launcher)) {
            System.out.println("no ahead-of-time cache: there is no " + launcher);
            return;
        }
        removeSignatures(image.resolve("lib/app"));
        ProcessBuilder training = new ProcessBuilder(launcher.toString(), "rehearse").inheritIO();
        training.environment()
                .put(
                        "JAVA_TOOL_OPTIONS",
                        "-XX:AOTCacheOutput=" + cache.toAbsolutePath()
                                + " -Dnearhand.measureStart=true -Dglass.platform=Headless -Dprism.order=sw");
        Process run = training.start();
        if (!run.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            run.destroyForcibly();
        }
        if (run.waitFor() != 0 || !Files.exists(cache)) {
            System.out.println("no ahead-of-time cache: the training run did not succeed; the image works without it");
            Files.deleteIfExists(cache);
            return;
        }
        Files.writeString(config, "java-options=-XX:AOTCache=$APPDIR/nearhand.aot\n", StandardOpenOption.APPEND);
        System.out.println("ahead-of-time cache of " + Files.size(cache) / (1 << 20) + " MiB");
    }

    /// The JVM keeps no class of a signed jar (BouncyCastle's), and nothing here looks at those signatures.
    private static void removeSignatures(Path folder) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                try (FileSystem content = FileSystems.newFileSystem(jar);
                        DirectoryStream<Path> signatures =
                                Files.newDirectoryStream(content.getPath("META-INF"), "*.{SF,RSA,DSA,EC}")) {
                    for (Path signature : signatures) {
                        Files.delete(signature);
                    }
                }
            }
        }
    }
}
