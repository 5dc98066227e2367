package dev.nearhand.app.diagnostics;

import dev.nearhand.app.connect.LocalAddresses;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.capture.InputInjectors;
import dev.nearhand.capture.ScreenSources;
import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.input.InputInjector;
import dev.nearhand.capture.screen.CaptureOptions;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.ScreenCapture;
import dev.nearhand.capture.screen.ScreenSource;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// Tries everything that Nearhand needs of a machine, for real, and says how it went. Takes some seconds.
public final class Doctor {
    private static final Duration FRAME_LIMIT = Duration.ofSeconds(3);

    /// What JavaFX loads at run time, and the Debian packages that bring it.
    private static final Map<String, String> WINDOW_LIBRARIES = libraries(
            "libgtk-3.so.0",
            "libgtk-3-0",
            "libXtst.so.6",
            "libxtst6",
            "libGL.so.1",
            "libgl1",
            "libXxf86vm.so.1",
            "libxxf86vm1");

    /// What FFmpeg's devices load at run time.
    private static final Map<String, String> GRABBER_LIBRARIES =
            libraries("libxcb-shm.so.0", "libxcb-shm0", "libasound.so.2", "libasound2", "libpulse.so.0", "libpulse0");

    private Doctor() {}

    public static List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.works(
                "machine",
                "%s %s, Java %s, %d processors"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                Runtime.version(),
                                Runtime.getRuntime().availableProcessors())));
        findings.add(display());
        for (ScreenSources.Kind kind : new ScreenSources.Kind[] {ScreenSources.Kind.X11, ScreenSources.Kind.FFMPEG}) {
            findings.add(screen(kind));
        }
        findings.add(input());
        findings.addAll(codecs());
        findings.add(network());
        findings.add(connection());
        findings.add(isLinux() ? needs("window", WINDOW_LIBRARIES) : Finding.works("window", "nothing to install"));
        return List.copyOf(findings);
    }

    private static Finding display() {
        return LocalMachine.hasDisplay()
                ? Finding.works("display", "there is one")
                : Finding.optional(
                        "display",
                        "DISPLAY is not set",
                        "start it inside a desktop session; without one only the test pattern can be shared and "
                                + "nearhand view needs --snapshot");
    }

    private static Finding screen(ScreenSources.Kind kind) {
        String subject = "screen by " + (kind == ScreenSources.Kind.X11 ? "X11" : "FFmpeg");
        return tried(
                subject, kind == ScreenSources.Kind.FFMPEG && isLinux() ? missingOf(GRABBER_LIBRARIES) : "", () -> {
                    try (ScreenSource source = ScreenSources.open(kind, "");
                            ScreenCapture capture =
                                    source.open(new CaptureTarget.WholeDesktop(), CaptureOptions.defaults())) {
                        long begin = System.nanoTime();
                        CaptureResult result = capture.next(FRAME_LIMIT);
                        if (!(result instanceof CaptureResult.Frame(var frame))) {
                            return Finding.optional(subject, "no picture came", "another source may do");
                        }
                        try (frame) {
                            return Finding.works(
                                    subject,
                                    "%d×%d, first picture after %.0f ms"
                                            .formatted(
                                                    frame.width(), frame.height(), (System.nanoTime() - begin) / 1e6));
                        }
                    }
                });
    }

    private static Finding input() {
        return tried("input", "", () -> {
            try (InputInjector _ = InputInjectors.open("")) {
                return Finding.works("input", "pointer and keyboard of this machine can be steered");
            }
        });
    }

    private static List<Finding> codecs() {
        List<Finding> findings = new ArrayList<>();
        boolean any = false;
        for (VideoCodecs.Encoder encoder : VideoCodecs.encoders()) {
            any |= encoder.works();
            findings.add(
                    encoder.works()
                            ? Finding.works("encoder " + encoder.name(), "has encoded a frame")
                            : Finding.optional(
                                    "encoder " + encoder.name(),
                                    encoder.problem().orElse(""),
                                    ""));
        }
        if (!any) {
            findings.add(Finding.missing("encoders", "none works", "install Nearhand again; FFmpeg comes with it"));
        }
        for (VideoCodec codec : VideoCodec.values()) {
            try (VideoDecoder decoder = LocalMachine.decoder(codec)) {
                findings.add(Finding.works("decoder " + decoder.name(), "opens"));
            } catch (RuntimeException | LinkageError failure) {
                findings.add(Finding.missing(
                        "decoder " + codec.rtpName(),
                        problem(failure),
                        "install Nearhand again; FFmpeg comes with it"));
            }
        }
        return findings;
    }

    private static Finding network() {
        long addresses = LocalAddresses.reachable().stream()
                .filter(address -> !address.isLoopbackAddress())
                .count();
        return addresses > 0
                ? Finding.works("network", addresses + (addresses == 1 ? " address" : " addresses"))
                : Finding.optional("network", "only this machine itself can be reached", "connect it to a network");
    }

    private static Finding connection() {
        try (PeerConnection connection = PeerConnection.create(PeerConfig.defaults())) {
            connection.createDataChannel("doctor");
            long candidates = connection
                    .createOffer()
                    .sdp()
                    .lines()
                    .filter(line -> line.startsWith("a=candidate:"))
                    .count();
            return Finding.works("connection", "offers itself on " + candidates + " sockets");
        } catch (RuntimeException | LinkageError failure) {
            return Finding.missing("connection", problem(failure), "check that UDP sockets may be opened");
        }
    }

    private static Finding needs(String subject, Map<String, String> libraries) {
        String missing = missingOf(libraries);
        return missing.isEmpty()
                ? Finding.works(subject, "the libraries of JavaFX are there")
                : Finding.optional(subject, "libraries of JavaFX are missing", missing);
    }

    /// The command that installs what is missing; empty when nothing is.
    @SuppressWarnings("restricted") // loading a library and dropping it again calls nothing of it
    private static String missingOf(Map<String, String> libraries) {
        List<String> packages = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            libraries.forEach((library, debianPackage) -> {
                try {
                    SymbolLookup.libraryLookup(library, arena);
                } catch (IllegalArgumentException _) {
                    packages.add(debianPackage);
                }
            });
        }
        return packages.isEmpty() ? "" : "apt install " + String.join(" ", packages);
    }

    private static Finding tried(String subject, String install, Supplier<Finding> trial) {
        try {
            return trial.get();
        } catch (RuntimeException | LinkageError failure) {
            return Finding.optional(subject, problem(failure), install);
        }
    }

    private static String problem(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    private static Map<String, String> libraries(String... libraryAndPackage) {
        Map<String, String> result = new LinkedHashMap<>();
        for (int i = 0; i < libraryAndPackage.length; i += 2) {
            result.put(libraryAndPackage[i], libraryAndPackage[i + 1]);
        }
        return result;
    }
}
