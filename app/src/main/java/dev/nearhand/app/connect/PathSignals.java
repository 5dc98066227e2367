package dev.nearhand.app.connect;

import dev.nearhand.app.session.PathMessage;
import dev.nearhand.app.signaling.SignalMessage;
import java.util.Optional;

/// [PathMessage]s as they travel by the signaling.
final class PathSignals {
    private PathSignals() {}

    static SignalMessage toSignal(PathMessage message) {
        return switch (message) {
            case PathMessage.Offer(String sdp) -> new SignalMessage.Offer(sdp);
            case PathMessage.Answer(String sdp) -> new SignalMessage.Answer(sdp);
            case PathMessage.Candidate(String candidate, String mid) -> new SignalMessage.Candidate(candidate, mid);
            case PathMessage.Restart() -> new SignalMessage.Restart();
        };
    }

    /// Empty when it is about something else.
    static Optional<PathMessage> fromSignal(SignalMessage message) {
        return switch (message) {
            case SignalMessage.Offer(String sdp) -> Optional.of(new PathMessage.Offer(sdp));
            case SignalMessage.Answer(String sdp) -> Optional.of(new PathMessage.Answer(sdp));
            case SignalMessage.Candidate(String candidate, String mid) ->
                Optional.of(new PathMessage.Candidate(candidate, mid));
            case SignalMessage.Restart() -> Optional.of(new PathMessage.Restart());
            case SignalMessage.Join _,
                    SignalMessage.Asking _,
                    SignalMessage.Refused _,
                    SignalMessage.Rejoin _,
                    SignalMessage.Rejoined _,
                    SignalMessage.Bye _ -> Optional.empty();
        };
    }
}
