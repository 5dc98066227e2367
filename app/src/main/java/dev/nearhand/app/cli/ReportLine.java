package dev.nearhand.app.cli;

import dev.nearhand.app.connect.Invitation;
import dev.nearhand.app.json.RecordCodec;
import dev.nearhand.app.session.SessionStats;
import java.io.PrintWriter;
import java.util.List;

/// What `--json` prints, a line each: for programs that start this one (docs/protocol.md, "For programs"). The member
/// `type` is the record's name.
sealed interface ReportLine {
    RecordCodec<ReportLine> CODEC = new RecordCodec<>(ReportLine.class, 64 * 1024);

    /// What the next viewer has to know; `rendezvous` and `rendezvousCode` may be empty.
    record Invited(List<String> addresses, String code, String rendezvous, String rendezvousCode)
            implements ReportLine {
        Invited(Invitation invitation) {
            this(invitation.addresses(), invitation.code(), invitation.rendezvous(), invitation.rendezvousCode());
        }
    }

    /// @param state a [dev.nearhand.app.session.HostState] or [dev.nearhand.app.session.ViewerState]
    record State(String state, String sentence) implements ReportLine {}

    record Trouble(String sentence) implements ReportLine {}

    /// Once a second.
    ///
    /// @param path the kind of path, such as `srflx/relay udp4`
    /// @param frames since the session began: sent by a host, shown by a viewer
    /// @param inputs injected by a host so far
    record Figures(
            int width,
            int height,
            double framesPerSecond,
            double kbitPerSecond,
            double roundTripMillis,
            String path,
            long frames,
            long inputs)
            implements ReportLine {
        Figures(SessionStats stats) {
            this(
                    stats.width(),
                    stats.height(),
                    stats.framesPerSecond(),
                    stats.kbitPerSecond(),
                    stats.roundTrip().toNanos() / 1e6,
                    stats.path(),
                    stats.counter("frames.sent") + stats.counter("frames.shown"),
                    stats.counter("input.injected"));
        }
    }

    default void print(PrintWriter out) {
        Terminal.printLine(out, CODEC.encode(this));
    }
}
