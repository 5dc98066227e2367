package dev.nearhand.app.diagnostics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How this program is started once more, as a process of its own.
public final class OwnCommand {
    /// What every way to start it gives to Java: the installers, the build's `exec:exec`, and this class. The serial
    /// collector has no threads of its own, which would wake a host whose screen is still.
    public static final List<String> JAVA_OPTIONS =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC");

    /// With this in its environment an installed launcher takes itself for its own second half, and its arguments for
    /// Java's. It sets it for the process that it becomes, which hands it on.
    private static final String SECOND_HALF = "_JPACKAGE_LAUNCHER";

    private OwnCommand() {}

    /// What starts such a command, with an environment in which it is a program of its own.
    public static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        separate(builder.environment());
        return builder;
    }

    static void separate(Map<String, String> inherited) {
        inherited.remove(SECOND_HALF);
    }

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
