package dev.nearhand.app.diagnostics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How this program is started once more, as a process of its own.
public final class OwnCommand {
    /// What every way to start it gives to Java: the installers, the build's `exec:exec`, and this class. The serial
    /// collector has no threads of its own, which would wake a host whose screen is still.
    public static final List<String> JAVA_OPTIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC");

    private OwnCommand() {}

    /// The beginning of a command: the launcher of an installed image, or the very Java and class path of this process.
    ///
    /// @param moreOptions for Java; a launcher has its own
    public static List<String> begin(List<String> moreOptions) {
        String installed = System.getProperty("jpackage.app-path", "");
        if (!installed.isEmpty()) {
            return new ArrayList<>(List.of(installed));
        }
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseGet(() -> Path.of(
                        System.getProperty("java.home"), "bin", "java")
                .toString()));
        command.addAll(JAVA_OPTIONS);
        command.addAll(moreOptions);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), "dev.nearhand.app.Main"));
        return command;
    }
}
