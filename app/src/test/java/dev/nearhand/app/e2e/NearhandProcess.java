package dev.nearhand.app.e2e;

import dev.nearhand.app.diagnostics.OwnCommand;
import dev.nearhand.testing.LineProcess;
import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.net.Namespace;
import java.util.ArrayList;
import java.util.List;

/// The program as a process of its own, as a person starts it; its output is read line by line. Closing it ends the
/// process and what it started.
final class NearhandProcess extends LineProcess {
    private NearhandProcess(ProcessBuilder builder) {
        super(builder);
    }

    /// @param display such as `:3`
    static NearhandProcess start(String display, String... arguments) {
        return new NearhandProcess(builder(display, command(List.of(), arguments)));
    }

    /// Starts it in a network of its own.
    ///
    /// @param display such as `:3`, or empty for none
    /// @param javaOptions more options of Java
    static NearhandProcess start(Namespace where, String display, List<String> javaOptions, String... arguments) {
        ProcessBuilder builder = builder(display, where.command(command(javaOptions, arguments)));
        builder.environment().put("NEARHAND_ICE_PASSWORD", Coturn.CREDENTIAL);
        return new NearhandProcess(builder);
    }

    private static List<String> command(List<String> javaOptions, String... arguments) {
        List<String> options = new ArrayList<>(javaOptions);
        options.addAll(OwnCommand.JAVA_OPTIONS);
        options.add("-Dprism.order=sw");
        List<String> command = java(options.toArray(String[]::new));
        command.add("dev.nearhand.app.Main");
        command.addAll(List.of(arguments));
        return command;
    }

    private static ProcessBuilder builder(String display, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        if (display.isEmpty()) {
            builder.environment().remove("DISPLAY");
        } else {
            builder.environment().put("DISPLAY", display);
        }
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder;
    }
}
