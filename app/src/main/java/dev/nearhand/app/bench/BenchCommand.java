package dev.nearhand.app.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `nearhand bench`.
@Command(
        name = "bench",
        description = {"Measure Nearhand, and others beside it.", ""},
        subcommands = BenchCommand.Glass.class)
public final class BenchCommand implements Runnable {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Say what to measure: nearhand bench glass.");
        }
    }

    /// `nearhand bench glass`.
    @Command(
            name = "glass",
            description = {
                "From a changed pixel on the host's display to the changed pixel on the viewer's, and from a click there "
                        + "to the answer seen there.",
                "Starts two Xvfb servers, a stimulus on the first, and each remote desktop in turn between them.",
                "Linux only; with the right to make network namespaces it counts bytes exactly.",
                ""
            })
    static final class Glass implements Callable<Integer> {
        private static final int FAILED = 1;

        @Spec
        @Nullable
        CommandSpec spec;

        @Option(names = "--json", description = "Print the figures as JSON instead of a Markdown table.")
        boolean json;

        @Option(names = "--markdown", paramLabel = "FILE.md", description = "Write the Markdown table there too.")
        Optional<Path> markdown = Optional.empty();

        @Option(
                names = "--system",
                paramLabel = "NAME",
                description = "Only systems whose name contains this: nearhand, tigervnc, x11vnc. May be repeated.")
        List<String> systems = new ArrayList<>();

        @Option(
                names = "--scene",
                paramLabel = "SCENE",
                description = "Only these: ${COMPLETION-CANDIDATES}. May be repeated.")
        List<Scene> scenes = new ArrayList<>();

        @Option(names = "--width", paramLabel = "PIXELS", description = "Of the host's display; default: 1920.")
        int width = 1920;

        @Option(names = "--height", paramLabel = "PIXELS", description = "Of the host's display; default: 1080.")
        int height = 1080;

        @Option(names = "--seconds", paramLabel = "N", description = "For each scene, 2 to 600; default: 15.")
        int seconds = 15;

        @Override
        public Integer call() throws IOException {
            CommandLine line = Objects.requireNonNull(spec).commandLine();
            GlassOptions options;
            try {
                options = new GlassOptions(
                        systems, scenes.isEmpty() ? List.of(Scene.values()) : scenes, width, height, seconds);
            } catch (IllegalArgumentException wrong) {
                throw new CommandLine.ParameterException(line, String.valueOf(wrong.getMessage()));
            }
            GlassReport report;
            try {
                report = GlassBench.run(options, sentence -> line.getErr().println(sentence));
            } catch (BenchException failure) {
                line.getErr().println(failure.getMessage());
                return FAILED;
            }
            if (markdown.isPresent()) {
                Files.writeString(markdown.get(), report.markdown());
            }
            line.getOut().println(json ? json(report) : report.markdown());
            line.getOut().flush();
            return report.results().isEmpty() ? FAILED : 0;
        }

        private static String json(GlassReport report) throws JsonProcessingException {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report);
        }
    }
}
