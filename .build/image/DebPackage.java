import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Finishes the Debian package that jpackage made, and starts what is in it.
///
/// jpackage gives every file a new time, and then the JVM refuses the ahead-of-time cache: the files get back the times
/// that they have in the image. Its maintainer scripts fail on a machine without a desktop's menu; a menu entry and an
/// icon where every desktop looks for them, and a link in the search path, need no script.
public final class DebPackage {
    private static final long LIMIT_SECONDS = 600;
    private static final String APPLICATION = "opt/nearhand";

    private DebPackage() {}

    /// @param args the folder of the package, the image, the menu entry, the icon (256 pixels wide)
    public static void main(String[] args) throws IOException, InterruptedException {
        Path deb = onlyPackageIn(Path.of(args[0]));
        Path image = Path.of(args[1]);
        Path tree = Path.of(args[0]).resolve("tree");
        delete(tree);
        run("dpkg-deb", "-R", deb.toString(), tree.toString());
        for (String script : List.of("preinst", "postinst", "prerm", "postrm")) {
            Files.deleteIfExists(tree.resolve("DEBIAN").resolve(script));
        }
        Path control = tree.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replace(", xdg-utils", ""));
        restoreTimes(image, tree.resolve(APPLICATION));
        put(Path.of(args[2]), tree.resolve("usr/share/applications/nearhand.desktop"));
        put(Path.of(args[3]), tree.resolve("usr/share/icons/hicolor/256x256/apps/nearhand.png"));
        Path link = tree.resolve("usr/bin/nearhand");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("../../" + APPLICATION + "/bin/nearhand"));
        starts(tree.resolve(APPLICATION).resolve("bin/nearhand"));
        run("dpkg-deb", "--root-owner-group", "-b", tree.toString(), deb.toString());
        delete(tree);
        System.out.println("Debian package of " + Files.size(deb) / (1 << 20) + " MiB: " + deb.getFileName());
    }

    private static Path onlyPackageIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> packages =
                    files.filter(file -> file.toString().endsWith(".deb")).toList();
            if (packages.size() != 1) {
                throw new IOException("one package is expected in " + folder + ", not " + packages.size());
            }
            return packages.getFirst();
        }
    }

    private static void restoreTimes(Path image, Path application) throws IOException {
        try (Stream<Path> files = Files.walk(application)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path original = image.resolve(application.relativize(file).toString());
                if (Files.exists(original)) {
                    FileTime time = Files.getLastModifiedTime(original);
                    Files.setLastModifiedTime(file, time);
                }
            }
        }
    }

    private static void put(Path file, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
    }

    /// The JVM says on its standard output when it cannot use the cache.
    private static void starts(Path launcher) throws IOException, InterruptedException {
        String said = run(launcher.toString(), "--version");
        if (said.contains("[aot]") || !said.contains("nearhand")) {
            throw new IOException("the packaged application does not start as it should: " + said);
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
        return said;
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
