package dev.nearhand.app.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What all commands print and refuse in the same way.
final class Terminal {
    private Terminal() {}

    /// Prints it now: whoever reads along, a person or a program, need not wait for more.
    static void printLine(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    /// @throws ParameterException when `value` is not within `least` and `most`
    static void requireRange(CommandSpec command, String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    command.commandLine(), option + " is " + least + " to " + most + ", not " + value + ".");
        }
    }
}
