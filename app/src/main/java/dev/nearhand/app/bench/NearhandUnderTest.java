package dev.nearhand.app.bench;

import dev.nearhand.app.diagnostics.OwnCommand;
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

    private static List<String> command(String... arguments) {
        List<String> command = OwnCommand.begin(List.of());
        command.addAll(List.of(arguments));
        return command;
    }
}
