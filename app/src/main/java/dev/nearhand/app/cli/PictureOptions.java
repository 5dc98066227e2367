package dev.nearhand.app.cli;

import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.Monitor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Which part of the screen is sent, and how well: the options that `share` and `publish` have in common.
final class PictureOptions {
    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    @Option(
            names = "--monitor",
            paramLabel = "NAME",
            description = "Share one monitor, by its name such as HDMI-1; otherwise the whole desktop.")
    Optional<String> monitor = Optional.empty();

    @Option(
            names = "--bitrate",
            paramLabel = "MBIT",
            defaultValue = "12",
            description = "Mbit a second for the video, 1 to 200; default: ${DEFAULT-VALUE}.")
    int mbit = 12;

    @Option(
            names = "--fps",
            paramLabel = "N",
            defaultValue = "" + HostConfig.DEFAULT_FRAMES_PER_SECOND,
            description = "At most so many frames a second, 1 to 120; default: ${DEFAULT-VALUE}.")
    int framesPerSecond = HostConfig.DEFAULT_FRAMES_PER_SECOND;

    /// @throws picocli.CommandLine.ParameterException with a sentence for a person
    HostConfig config(ScreenChoice choice, boolean control) {
        CommandSpec command = Objects.requireNonNull(spec);
        Terminal.requireRange(command, "--bitrate", mbit, 1, 200);
        Terminal.requireRange(command, "--fps", framesPerSecond, 1, 120);
        return new HostConfig(ViewerNames.ofThisMachine(), target(choice), framesPerSecond, mbit * 1_000_000, control);
    }

    private CaptureTarget target(ScreenChoice choice) {
        if (monitor.isEmpty()) {
            return new CaptureTarget.WholeDesktop();
        }
        List<Monitor> monitors = LocalMachine.monitors(choice);
        return monitors.stream()
                .filter(candidate -> candidate.name().equals(monitor.get()))
                .findFirst()
                .map(CaptureTarget.OneMonitor::new)
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        "There is no monitor " + monitor.get() + "; there is "
                                + String.join(
                                        ", ",
                                        monitors.stream().map(Monitor::name).toList()) + "."));
    }
}
