package dev.nearhand.app.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.nearhand.app.connect.ConnectException;
import dev.nearhand.app.connect.Network;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.capture.codec.CodecException;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.screen.CaptureException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nearhand` without a command opens the window; everything else is a command below it.
@Command(
        name = "nearhand",
        description = {
            "See and steer another screen, directly from machine to machine.",
            "Without a command it opens the window.",
            ""
        },
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "[COMMAND]",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Success, or ended by the person.",
            "1:It did not succeed, or ended before it should.",
            "2:The command line cannot be understood.",
            "3:This machine lacks something; nearhand doctor says what.",
            "4:The display went away while a window was open on it."
        },
        optionListHeading = "Options:%n",
        commandListHeading = "%nCommands:%n")
public final class Nearhand implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(
            ShareCommand.class,
            ViewCommand.class,
            PublishCommand.class,
            WatchCommand.class,
            RendezvousCommand.class,
            TurnCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            EchoCommand.class,
            PeerCommand.class,
            RehearseCommand.class,
            CommandLine.HelpCommand.class);

    private final Windows windows;

    Nearhand(Windows windows) {
        this.windows = windows;
    }

    /// The whole command line, for the caller to execute.
    ///
    /// @param more further commands, of packages that this one does not know
    public static CommandLine commandLine(Windows windows, Class<?>... more) {
        return commandLine(windows, all(more));
    }

    /// The command line as far as these arguments need it. Looking at every option of every command takes a cold JVM
    /// longer than all else before the first window, so a command is made alone where it is named first; where it
    /// is not, and for help on all of them, this is [#commandLine].
    ///
    /// @param more further commands, as above
    public static CommandLine commandLineFor(List<String> arguments, Windows windows, Class<?>... more) {
        return commandLine(windows, needed(arguments, all(more)));
    }

    private static List<Class<?>> all(Class<?>... more) {
        return Stream.concat(COMMANDS.stream(), Stream.of(more)).toList();
    }

    private static List<Class<?>> needed(List<String> arguments, List<Class<?>> all) {
        if (arguments.isEmpty() || arguments.equals(List.of("--version"))) {
            return List.of();
        }
        String first = arguments.getFirst();
        return all.stream()
                .filter(each -> name(each).equals(first) && each != CommandLine.HelpCommand.class)
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(all);
    }

    /// What a command is called: as its class, without reading its annotation.
    static String name(Class<?> command) {
        return command.getSimpleName().replace("Command", "").toLowerCase(Locale.ROOT);
    }

    private static CommandLine commandLine(Windows windows, List<Class<?>> commands) {
        CommandLine line = new CommandLine(new Nearhand(windows), new Factory(windows));
        commands.forEach(line::addSubcommand);
        line.registerConverter(java.time.Duration.class, new DurationConverter());
        line.registerConverter(PictureSize.class, PictureSize::parse);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        line.setParameterExceptionHandler(Nearhand::notUnderstood);
        return line;
    }

    @Mixin
    RendezvousOption rendezvous = new RendezvousOption();

    @Mixin
    IceOptions ice = new IceOptions();

    @Option(
            names = {"-v", "--verbose"},
            scope = CommandLine.ScopeType.INHERIT,
            description = "Say what happens inside, on standard error.")
    void verbose(boolean verbose) {
        if (verbose && LoggerFactory.getLogger("dev.nearhand") instanceof Logger logger) {
            logger.setLevel(Level.INFO);
        }
    }

    @Override
    public Integer call() {
        Network network = new Network(ice.settings(), rendezvous.address());
        boolean headlessWindows = System.getProperty("glass.platform", "").equals("Headless");
        if (!LocalMachine.hasDisplay() && !headlessWindows) {
            throw new CommandException(
                    ExitCode.MISSING,
                    "There is no display to open a window on; try nearhand share, nearhand demo, or nearhand --help.");
        }
        return windows.home(network);
    }

    /// One sentence for what a person can do something about, a trace for what is our mistake.
    private static int failed(Exception failure, CommandLine command) {
        return switch (failure) {
            case CommandException known -> {
                command.getErr().println(known.getMessage());
                yield known.exitCode();
            }
            case ConnectException known -> {
                command.getErr().println(known.getMessage());
                yield ExitCode.FAILED;
            }
            case CaptureException known -> missing(known, command);
            case InputException known -> missing(known, command);
            case CodecException known -> missing(known, command);
            default -> {
                failure.printStackTrace(command.getErr());
                command.getErr().println("This is a mistake in Nearhand; please report it with the lines above.");
                yield ExitCode.FAILED;
            }
        };
    }

    private static int missing(RuntimeException failure, CommandLine command) {
        command.getErr().println(sentence(String.valueOf(failure.getMessage())));
        return ExitCode.MISSING;
    }

    private static int notUnderstood(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .println(sentence(String.valueOf(failure.getMessage())) + " Try: "
                        + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /// With a capital and a full stop.
    private static String sentence(String message) {
        String text = message.isEmpty() ? "" : Character.toUpperCase(message.charAt(0)) + message.substring(1);
        return text.endsWith(".") ? text : text + ".";
    }

    /// Gives the commands that open windows what opens them.
    private record Factory(Windows windows) implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == ViewCommand.class) {
                return type.cast(new ViewCommand(windows));
            }
            if (type == RehearseCommand.class) {
                return type.cast(new RehearseCommand(windows));
            }
            return type == WatchCommand.class
                    ? type.cast(new WatchCommand(windows))
                    : CommandLine.defaultFactory().create(type);
        }
    }
}
