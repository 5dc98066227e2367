import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
        addStackMaps(image.resolve("lib/app"));
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

    /// Nor does it keep classes from before Java 6, which have no stack maps, nor what uses them; picocli's are such,
    /// and of a short start half goes into reading and verifying them.
    private static void addStackMaps(Path folder) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : jars) {
                try (FileSystem content = FileSystems.newFileSystem(jar);
                        Stream<Path> files = Files.walk(content.getPath("/"));
                        URLClassLoader others =
                                new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
                    ClassFile classes = ClassFile.of(
                            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                            ClassFile.ClassHierarchyResolverOption.of(
                                    ClassHierarchyResolver.ofResourceParsing(others)));
                    for (Path file : files.filter(AotCache::isClass).toList()) {
                        byte[] bytes = Files.readAllBytes(file);
                        int version = ByteBuffer.wrap(bytes).getShort(6);
                        if (version < ClassFile.JAVA_6_VERSION) {
                            Files.write(file, renewed(classes, bytes));
                        }
                    }
                }
            }
        }
    }

    private static boolean isClass(Path file) {
        return file.toString().endsWith(".class") && !file.endsWith("module-info.class");
    }

    private static byte[] renewed(ClassFile classes, byte[] old) {
        ClassTransform code = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
        ClassTransform version = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
            } else {
                builder.with(element);
            }
        };
        byte[] made = classes.transformClass(classes.parse(old), code.andThen(version));
        List<VerifyError> errors = classes.verify(made);
        if (!errors.isEmpty()) {
            throw new IllegalStateException(errors.getFirst());
        }
        return made;
    }
}
