package dev.nearhand.app.bench;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// How the peers are made and started. What is missing is a [BenchException] that says what.
final class PeerPrograms {
    /// A program, ready to be started as often as wanted.
    record Program(String name, List<String> command, Path folder) {}

    private interface Maker {
        Program make() throws IOException, InterruptedException;
    }

    /// From the classes of the build, on the JDK that runs this.
    static final String OURS = "nearhand";

    /// As a person gets it: the application image, with its own run-time and its ahead-of-time cache.
    static final String OURS_INSTALLED = "nearhand-image";

    private static final String LAUNCHER = "installer/target/image/nearhand/bin/nearhand";

    private static final Path GO_LIBRARY = Path.of("/usr/share/gocode");
    private static final Path DEBIAN_PYTHON = Path.of("/usr/bin/python3");
    private static final List<String> NODE_FILES =
            List.of("package.json", "peer.js", "stdio.cjs", "wrtc.cjs", "datachannel.cjs");
    private static final int BUILD_SECONDS = 300;

    private final Path folder;
    private final Map<String, Maker> makers = new LinkedHashMap<>();

    /// @param folder for what is built, which is kept and used again
    PeerPrograms(Path folder) {
        this.folder = folder;
        makers.put(OURS, this::nearhand);
        makers.put(OURS_INSTALLED, this::installed);
        makers.put("pion", this::pion);
        makers.put("datachannel", () -> node("datachannel", "datachannel.cjs"));
        makers.put("webrtc-java", () -> java("webrtc-java", "dev.nearhand.app.bench.WebrtcJavaPeer"));
        makers.put("wrtc", () -> node("wrtc", "wrtc.cjs"));
        makers.put("aiortc", this::aiortc);
        makers.put("chromium", () -> browser("chromium", "chromium"));
        makers.put("firefox", () -> browser("firefox", "firefox-esr"));
    }

    static boolean isOurs(Program program) {
        return program.name().equals(OURS) || program.name().equals(OURS_INSTALLED);
    }

    /// Their names, ours first.
    List<String> names() {
        return List.copyOf(makers.keySet());
    }

    Program make(String name) throws InterruptedException {
        Maker maker = makers.get(name);
        if (maker == null) {
            throw new BenchException("there is no peer " + name + ", but " + names());
        }
        try {
            Files.createDirectories(folder);
            return maker.make();
        } catch (IOException failure) {
            throw new BenchException(name + " cannot be made: " + failure.getMessage());
        }
    }

    /// The command of the application, with the options that the build starts it with (the property `bench.options`);
    /// the property `bench.nearhand` is another way to start it.
    private Program nearhand() {
        String other = System.getProperty("bench.nearhand", "");
        if (!other.isEmpty()) {
            return new Program(OURS, List.of(other.split(" ")), folder);
        }
        List<String> words = new ArrayList<>(List.of("-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"));
        String options = System.getProperty("bench.options", "").strip();
        if (!options.isEmpty()) {
            words.addAll(List.of(options.split("\\s+")));
        }
        words.addAll(List.of("dev.nearhand.app.Main", "peer"));
        return java(OURS, words.toArray(String[]::new));
    }

    private Program installed() {
        Path launcher = Path.of(LAUNCHER).toAbsolutePath();
        if (!Files.exists(launcher)) {
            launcher = Path.of("..").resolve(LAUNCHER).toAbsolutePath().normalize();
        }
        require(Files.isExecutable(launcher), "the application image (mvn -DskipTests package)");
        return new Program(OURS_INSTALLED, List.of(launcher.toString(), "peer"), folder);
    }

    private Program java(String name, String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(words));
        return new Program(name, command, folder);
    }

    private Program pion() throws IOException, InterruptedException {
        require(
                Files.isDirectory(GO_LIBRARY.resolve("src/github.com/pion/webrtc")),
                "pion (Debian package golang-github-pion-webrtc.v3-dev)");
        Path program = Files.createDirectories(folder.resolve("src/peer"));
        for (String file : List.of("main.go", "channels.go")) {
            copy("pion/" + file, program.resolve(file));
        }
        // without a go.mod beside it, Go does not take the /v3 out of import paths in this mode
        Files.writeString(program.resolve("go.mod"), "module peer\n\ngo 1.19\n");
        build(
                program,
                Map.of(
                        "GO111MODULE",
                        "off",
                        "GOFLAGS",
                        "",
                        "GOPATH",
                        folder + ":" + GO_LIBRARY,
                        "GOCACHE",
                        folder.resolve("go-cache").toString()),
                "go",
                "build",
                "-o",
                "peer",
                ".");
        return new Program("pion", List.of(program.resolve("peer").toString()), program);
    }

    private Program node(String name, String script) throws IOException, InterruptedException {
        Path node = Requires.find("node").orElseThrow(() -> new BenchException("node (Debian package nodejs)"));
        Path modules = Files.createDirectories(folder.resolve("node"));
        for (String file : NODE_FILES) {
            copy(file, modules.resolve(file));
        }
        if (!Files.isDirectory(modules.resolve("node_modules"))) {
            build(modules, Map.of(), "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
        }
        return new Program(
                name, List.of(node.toString(), modules.resolve(script).toString()), modules);
    }

    private Program aiortc() throws IOException {
        require(
                Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/aiortc")),
                "aiortc (Debian package python3-aiortc)");
        Path script = folder.resolve("aiortc_peer.py");
        copy("aiortc_peer.py", script);
        return new Program("aiortc", List.of(DEBIAN_PYTHON.toString(), "-B", script.toString()), folder);
    }

    private Program browser(String name, String program) throws IOException {
        require(Requires.find(program).isPresent(), program + " (Debian package " + program + ")");
        copy("peer.js", folder.resolve("peer.js"));
        copy("page.js", folder.resolve("page.js"));
        return java(name, "-XX:TieredStopAtLevel=1", "dev.nearhand.app.bench.BrowserPeer", name, folder.toString());
    }

    private static void require(boolean isThere, String what) {
        if (!isThere) {
            throw new BenchException(what + " is not there");
        }
    }

    private static void copy(String resource, Path to) throws IOException {
        try (InputStream in = PeerPrograms.class.getResourceAsStream("/bench/peers/" + resource)) {
            Files.write(to, Objects.requireNonNull(in, resource).readAllBytes());
        }
    }

    private static void build(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Path log = folder.resolve("build.log");
        Process process = builder.redirectOutput(log.toFile()).start();
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new BenchException(String.join(" ", command) + ": "
                    + Files.readString(log, StandardCharsets.UTF_8).strip());
        }
    }
}
