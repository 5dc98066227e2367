package dev.nearhand.transport.signaling;

import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.Direction;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.SdpError;
import dev.nearhand.transport.sdp.SessionDescription;
import java.util.ArrayList;
import java.util.List;

/// What HTTP signaling asks of descriptions beyond JSEP.
final class Descriptions {
    private static final String MUX_ONLY = "rtcp-mux-only";
    private static final String CANDIDATE = "candidate:";

    private Descriptions() {}

    /// Reads what this program has written itself.
    static SessionDescription ours(String text) {
        return switch (SessionDescription.parse(text)) {
            case SessionDescription description -> description;
            case SdpError error -> throw new IllegalStateException("our own description: " + error);
        };
    }

    /// "MUST include the rtcp-mux-only attribute in each bundled m= section"
    /// (https://www.rfc-editor.org/rfc/rfc9725#section-4.4.1); our connections never do anything else, and do not
    /// say so.
    static String withMuxOnly(String text) {
        SessionDescription description = ours(text);
        List<MediaDescription> media = description.media().stream()
                .map(section -> {
                    if (!section.attributes().rtcpMux() || section.attributes().has(MUX_ONLY)) {
                        return section;
                    }
                    List<Attribute> lines = new ArrayList<>(section.attributes().list());
                    lines.add(Attribute.flag(MUX_ONLY));
                    return new MediaDescription(
                            section.media(),
                            section.port(),
                            section.portCount(),
                            section.protocol(),
                            section.formats(),
                            section.fields(),
                            new Attributes(lines));
                })
                .toList();
        return new SessionDescription(
                        description.origin(), description.name(), description.fields(), description.attributes(), media)
                .write();
    }

    /// Whether an offer has sections of media that want what a server of this kind does, and none that want the
    /// opposite. Inactive ones do no harm, although an offer must not have them.
    ///
    /// @param sends whether the client is the one that sends
    static boolean fits(SessionDescription offer, boolean sends) {
        Direction wanted = sends ? Direction.SENDONLY : Direction.RECVONLY;
        boolean some = false;
        for (MediaDescription section : offer.media()) {
            if (section.isRtp() && !offer.isRejected(section)) {
                Direction direction = offer.direction(section);
                boolean fits = direction == wanted || direction == Direction.SENDRECV;
                if (!fits && direction != Direction.INACTIVE) {
                    return false;
                }
                some |= fits;
            }
        }
        return some;
    }

    /// Whether an answer takes at least one section of media.
    static boolean takesSomething(SessionDescription answer) {
        return answer.media().stream()
                .anyMatch(section -> section.isRtp()
                        && !answer.isRejected(section)
                        && answer.direction(section) != Direction.INACTIVE);
    }

    /// The value of `a=candidate` from the whole attribute.
    static String value(String candidate) {
        return candidate.startsWith(CANDIDATE) ? candidate.substring(CANDIDATE.length()) : candidate;
    }

    static String attribute(String value) {
        return CANDIDATE + value;
    }
}
