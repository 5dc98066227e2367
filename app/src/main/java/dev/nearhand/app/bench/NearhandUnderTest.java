package dev.nearhand.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Nearhand itself, started as a user starts it: `nearhand share` and `nearhand view ADDRESS CODE`.
record NearhandUnderTest() implements SystemUnderTest {
    private static final String PORT = "47811";

    @Override
    public String name() {
        return "Nearhand";
    }

    @Override
    public Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    public void start(Lab lab) {
        lab.startHost(
                "host.txt",
                command("share", "--yes", "--port", PORT, "--bind", lab.wire().address()));
        String code = lab.awaitOutput("host.txt", "nearhand view \\S+ (\\S+)", 40);
        lab.startViewer("viewer.txt", command("view", lab.wire().address() + ":" + PORT, code));
    }

    /// The launcher of an installed image, or this very class path.
    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        String launcher = System.getProperty("jpackage.app-path", "");
        if (launcher.isEmpty()) {
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "dev.nearhand.app.Main"));
        } else {
            command.add(launcher);
        }
        command.addAll(List.of(arguments));
        return command;
    }
}
