package dev.nearhand.transport.interop.matrix;

import dev.nearhand.testing.Requires;
import dev.nearhand.testing.interop.BrowserPage;
import dev.nearhand.testing.interop.ChromiumPage;
import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.interop.FirefoxPage;
import dev.nearhand.testing.interop.OutwardInterface;
import dev.nearhand.transport.api.IceTransportPolicy;
import dev.nearhand.transport.api.PeerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// The programs of the matrix, and how each is started.
final class Rows {
    private static final Path GO_LIBRARY = Path.of("/usr/share/gocode");
    private static final Path DEBIAN_PYTHON = Path.of("/usr/bin/python3");
    private static final Path PYTHON_PACKAGES = Path.of("/usr/lib/python3/dist-packages");

    private static final Path GSTREAMER = Path.of("/usr/lib/x86_64-linux-gnu/gstreamer-1.0");

    private final Path drivers;
    private final Path recordings;
    private final NodePackages packages;

    /// @param root of the source tree
    /// @param target where packages of npm may be installed, to be there for the next time too
    Rows(Path root, Path target) {
        packages = new NodePackages(root.resolve(".build/interop/drivers/versions.json"), target.resolve("npm"));
        drivers = root.resolve(".build/interop/drivers");
        recordings = root.resolve("transport/src/test/resources/interop");
    }

    Path drivers() {
        return drivers;
    }

    List<Row> all() {
        return List.of(
                new Row("chromium", "Chromium", "Debian", folder -> browser("chromium", ChromiumPage::new, folder)),
                new Row("firefox", "Firefox", "Debian", folder -> browser("firefox-esr", FirefoxPage::new, folder)),
                new Row("pion", "pion", "Debian", this::pion),
                new Row("aiortc", "aiortc", "Debian", this::aiortc),
                new Row("gstreamer", "GStreamer webrtcbin", "Debian", this::gstreamer),
                new Row("webrtc-java", "webrtc-java (libwebrtc)", "Maven", this::webRtcJava),
                new Row("wrtc", "@roamhq/wrtc (libwebrtc)", "npm", folder -> node("wrtc.cjs", folder)),
                new Row("werift", "werift", "npm", folder -> node("werift.cjs", folder)),
                new Row(
                        "datachannel",
                        "node-datachannel (libdatachannel)",
                        "npm",
                        folder -> node("datachannel.cjs", folder)),
                new Row("janus", "Janus", "Debian", this::janus),
                new Row("coturn", "coturn, relaying to pion", "Debian", this::coturn));
    }

    private ProgramRunning browser(String program, BiFunction<Path, String, BrowserPage> open, Path folder)
            throws MissingException {
        require(Requires.find(program).isPresent(), program + " (Debian package " + program + ")");
        BrowserPeer peer = new BrowserPeer(drivers, address -> open.apply(folder, address));
        return new ProgramRunning(peer, peer.version());
    }

    private ProgramRunning pion(Path folder) throws Exception {
        require(Requires.find("go").isPresent(), "go (Debian package golang-go)");
        require(
                Files.isDirectory(GO_LIBRARY.resolve("src/github.com/pion/webrtc")),
                "pion (Debian package golang-github-pion-webrtc.v3-dev)");
        Path program = Files.createDirectories(folder.resolve("src/peer"));
        try (Stream<Path> sources = Files.list(drivers.resolve("pion"))) {
            for (Path source : sources.toList()) {
                Files.copy(
                        source, program.resolve(source.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        // without a go.mod beside it, Go does not take the /v3 out of import paths in this mode
        Files.writeString(program.resolve("go.mod"), "module peer\n\ngo 1.19\n");
        run(
                program,
                Map.of("GO111MODULE", "off", "GOPATH", folder + ":" + GO_LIBRARY, "GOFLAGS", ""),
                "go",
                "build",
                "-o",
                "peer",
                ".");
        return started(List.of(program.resolve("peer").toString()), folder, debian("golang-github-pion-webrtc.v3-dev"));
    }

    private ProgramRunning aiortc(Path folder) throws Exception {
        return python("aiortc_peer.py", "aiortc", "python3-aiortc", folder);
    }

    private ProgramRunning gstreamer(Path folder) throws Exception {
        for (String element : List.of("webrtc", "nice", "vpx", "x264", "libav")) {
            require(
                    Files.exists(GSTREAMER.resolve("libgst" + element + ".so")),
                    "GStreamer's " + element
                            + " (Debian packages gstreamer1.0-plugins-bad, -good, -ugly, -nice, -libav)");
        }
        require(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/girepository-1.0/GstWebRTC-1.0.typelib")),
                "GstWebRTC (Debian package gir1.2-gst-plugins-bad-1.0)");
        return python("gstreamer_peer.py", "gi/overrides/Gst.py", "python3-gst-1.0", folder);
    }

    private ProgramRunning python(String script, String module, String aptPackage, Path folder) throws Exception {
        require(
                Files.isExecutable(DEBIAN_PYTHON) && Files.exists(PYTHON_PACKAGES.resolve(module)),
                module + " (Debian package " + aptPackage + ")");
        return started(
                // -B: nothing compiled is left among the sources
                List.of(DEBIAN_PYTHON.toString(), "-B", drivers.resolve(script).toString()),
                folder,
                debian(aptPackage));
    }

    private ProgramRunning webRtcJava(Path folder) throws Exception {
        require(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "webrtc-java for this system");
        // surefire hides the class path behind a jar of its own
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return started(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        WebRtcJavaPeer.class.getName()),
                folder,
                "0.14.0");
    }

    private ProgramRunning node(String script, Path folder) throws Exception {
        Path node = Requires.find("node").orElse(null);
        require(node != null, "node (Debian package nodejs)");
        Peer peer = new ProcessPeer(
                List.of(node.toString(), drivers.resolve(script).toString()),
                folder,
                Map.of(
                        "NEARHAND_RECORDINGS",
                        recordings.toString(),
                        "NEARHAND_NODE_MODULES",
                        packages.modules().toString()));
        return new ProgramRunning(peer, "");
    }

    private Row.Running janus(Path folder) throws Exception {
        require(Requires.find("janus").isPresent(), "janus (Debian package janus)");
        return new JanusRunning(Janus.start(folder), debian("janus"));
    }

    /// Everything through its relay: we tell no other candidate.
    private Row.Running coturn(Path folder) throws Exception {
        require(Requires.find("turnserver").isPresent(), "turnserver (Debian package coturn)");
        Coturn server = Coturn.start(folder, OutwardInterface.address());
        try {
            ProgramRunning pion = pion(folder);
            PeerConfig relayOnly = PeerConfig.defaults()
                    .withIceServers(List.of(server.turn("udp")))
                    .withIceTransportPolicy(IceTransportPolicy.RELAY);
            return new ProgramRunning(pion.peer(), debian("coturn"), relayOnly, List.of(server));
        } catch (Exception failure) {
            server.close();
            throw failure;
        }
    }

    private ProgramRunning started(List<String> command, Path folder, String version) {
        return new ProgramRunning(
                new ProcessPeer(command, folder, Map.of("NEARHAND_RECORDINGS", recordings.toString())), version);
    }

    private static void require(boolean present, String what) throws MissingException {
        if (!present) {
            throw new MissingException(what);
        }
    }

    /// The version of a Debian package.
    private static String debian(String aptPackage) throws Exception {
        return run(Path.of("."), Map.of(), "dpkg-query", "-W", "-f", "${Version}", aptPackage);
    }

    private static String run(Path folder, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(Objects.toString(List.of(command)) + ":\n" + output);
        }
        return output.strip();
    }
}
