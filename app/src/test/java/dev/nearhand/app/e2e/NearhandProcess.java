package dev.nearhand.app.e2e;

import dev.nearhand.testing.LineProcess;
import java.util.List;

/// The program as a process of its own, as a person starts it; its output is read line by line. Closing it ends the
/// process and what it started.
final class NearhandProcess extends LineProcess {
    private NearhandProcess(ProcessBuilder builder) {
        super(builder);
    }

    /// @param display such as `:3`
    static NearhandProcess start(String display, String... arguments) {
        List<String> command =
                java("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Dprism.order=sw");
        command.add("dev.nearhand.app.Main");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("DISPLAY", display);
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new NearhandProcess(builder);
    }
}
