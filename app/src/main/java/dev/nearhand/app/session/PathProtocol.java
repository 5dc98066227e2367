package dev.nearhand.app.session;

import dev.nearhand.app.session.protocol.ControlMessage;

/// [PathMessage]s as they travel on the control channel.
final class PathProtocol {
    private PathProtocol() {}

    static ControlMessage toControl(PathMessage message) {
        return switch (message) {
            case PathMessage.Offer(String sdp) -> new ControlMessage.Offer(sdp);
            case PathMessage.Answer(String sdp) -> new ControlMessage.Answer(sdp);
            case PathMessage.Candidate(String candidate, String mid) -> new ControlMessage.Candidate(candidate, mid);
            case PathMessage.Restart() -> new ControlMessage.Restart();
        };
    }
}
