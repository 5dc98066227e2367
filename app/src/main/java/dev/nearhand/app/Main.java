package dev.nearhand.app;

import dev.nearhand.app.bench.BenchCommand;
import dev.nearhand.app.cli.Nearhand;
import dev.nearhand.app.ui.desktop.DesktopWindows;
import java.util.List;

/// The program. Does not extend JavaFX's `Application`, so that it starts from the class path.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Nearhand.commandLineFor(List.of(arguments), new DesktopWindows(), BenchCommand.class)
                .execute(arguments));
    }
}
