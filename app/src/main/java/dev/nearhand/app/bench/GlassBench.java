package dev.nearhand.app.bench;

import dev.nearhand.app.bench.GlassReport.Result;
import dev.nearhand.app.bench.GlassReport.Skipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Measures remote desktops from glass to glass: from a pixel that changes on the host's display to the pixel on the
/// viewer's, and from a click there to the answer seen there. Linux with Xvfb. Takes minutes; one thread.
public final class GlassBench {
    private static final long PICTURE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(40);

    private GlassBench() {}

    /// @param progress gets a sentence now and then
    /// @throws BenchException when nothing can be measured on this machine
    public static GlassReport run(GlassOptions options, Consumer<String> progress) {
        return run(options, SystemUnderTest.all(), progress);
    }

    static GlassReport run(GlassOptions options, List<SystemUnderTest> known, Consumer<String> progress) {
        List<Result> results = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        String wire = "";
        for (SystemUnderTest system : known) {
            if (!wanted(options, system)) {
                continue;
            }
            Optional<String> problem = system.problem();
            if (problem.isPresent()) {
                skipped.add(new Skipped(system.name(), problem.get()));
                continue;
            }
            progress.accept(system.name() + " starts");
            Path folder = temporaryFolder();
            try (Lab lab = new Lab(folder, options.width(), options.height())) {
                wire = lab.wire().method();
                results.addAll(measure(options, system, lab, progress));
            } catch (BenchException failure) {
                skipped.add(new Skipped(system.name(), String.valueOf(failure.getMessage())));
            } finally {
                delete(folder);
            }
        }
        return new GlassReport(
                LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC)
                        .toString(),
                Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.name"),
                options.width() + "x" + options.height(),
                wire,
                results,
                skipped);
    }

    private static boolean wanted(GlassOptions options, SystemUnderTest system) {
        String name = system.name().toLowerCase(Locale.ROOT);
        return options.systems().isEmpty()
                || options.systems().stream().anyMatch(word -> name.contains(word.toLowerCase(Locale.ROOT)));
    }

    private static List<Result> measure(
            GlassOptions options, SystemUnderTest system, Lab lab, Consumer<String> progress) {
        List<Result> results = new ArrayList<>();
        try (Stimulus stimulus = new Stimulus(lab.hostDisplay());
                Watcher watcher = new Watcher(lab.viewerDisplay())) {
            system.start(lab);
            PicturePlace place = PicturePlace.find(stimulus, watcher, PICTURE_TIMEOUT_NANOS)
                    .orElseThrow(() -> new BenchException("no picture of the host came within "
                            + TimeUnit.NANOSECONDS.toSeconds(PICTURE_TIMEOUT_NANOS) + " s; its viewer said: "
                            + lab.programs().output("viewer.txt").strip()));
            GlassMeasurement measurement = new GlassMeasurement(lab, stimulus, watcher, place);
            for (Scene scene : options.scenes()) {
                progress.accept(system.name() + ": " + scene.label());
                results.add(measurement.measure(system.name(), scene, options.secondsPerScene()));
            }
        }
        return results;
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("nearhand-glass");
        } catch (IOException failure) {
            throw new BenchException("there is no room for temporary files", failure);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // the system clears its temporary folder itself
        }
    }
}
