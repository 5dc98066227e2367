package dev.nearhand.app.cli;

import dev.nearhand.app.diagnostics.Doctor;
import dev.nearhand.app.diagnostics.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `nearhand doctor`.
@Command(
        name = "doctor",
        description = {
            "Say what works on this machine, and what to install for the rest.",
            "Everything is really tried: a frame is captured and encoded, a socket is opened. No address is printed.",
            ""
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        List<Finding> findings = Doctor.examine();
        for (Finding finding : findings) {
            String mark =
                    switch (finding.verdict()) {
                        case WORKS -> "ok      ";
                        case OPTIONAL_MISSING -> "missing ";
                        case MISSING -> "FAILS   ";
                    };
            out.println(mark + finding.subject() + ": " + finding.detail());
            if (!finding.remedy().isEmpty()) {
                out.println("        -> " + finding.remedy());
            }
        }
        out.flush();
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.MISSING)
                ? ExitCode.MISSING
                : ExitCode.OK;
    }
}
