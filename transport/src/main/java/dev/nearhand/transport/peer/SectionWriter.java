package dev.nearhand.transport.peer;

import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.Direction;
import dev.nearhand.transport.sdp.ExtMap;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.Msid;
import dev.nearhand.transport.sdp.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Writes the sections of a description of ours (RFC 9429 sections 5.2 and 5.3). Every section says all about the
/// transport; its candidates stand only in the one that speaks for the bundle.
final class SectionWriter {
    /// Chromium's number for it. In a bundle a number is not given another meaning, and in Chromium not even that of an
    /// offer that was taken back.
    static final int MID_EXTENSION_ID = 9;
    static final String MID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:mid";

    /// Chromium's number for it, too.
    static final int TRANSPORT_EXTENSION_ID = 4;

    static final String TRANSPORT_EXTENSION =
            "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    static final String RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    static final String REPAIRED_RID_EXTENSION = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

    /// Port 9, "discard": where a section really is, its candidates say.
    private static final int ANY_PORT = 9;

    private static final String DATA_FORMAT = "webrtc-datachannel";

    private static final Set<String> TRANSPORT_LINES =
            Set.of("ice-ufrag", "ice-pwd", "fingerprint", "setup", "candidate", "end-of-candidates");

    private final LocalTransport transport;
    private final String cname;
    private final List<String> bundle;
    private boolean candidatesWritten;

    /// @param bundle the mids of the sections that share the transport; the first one speaks for them
    SectionWriter(LocalTransport transport, String cname, List<String> bundle) {
        this.transport = transport;
        this.cname = cname;
        this.bundle = bundle;
    }

    MediaDescription offered(Section section, Setup setup) {
        return section.kind == Section.Kind.DATA
                ? data(section, setup)
                : media(section, section.wantedDirection(), setup);
    }

    MediaDescription answered(Section section, RemoteSection offer, Setup setup) {
        return section.kind == Section.Kind.DATA
                ? data(section, setup)
                : media(section, section.answeredDirection(offer), setup);
    }

    /// A section that exists on the transport of its bundle or not at all (RFC 8843 section 6). It says nothing about
    /// the transport.
    MediaDescription bundleOnly(Section section) {
        MediaDescription full = offered(section, Setup.ACTPASS);
        List<Attribute> lines = new ArrayList<>(full.attributes().list());
        lines.removeIf(line -> TRANSPORT_LINES.contains(line.name()));
        lines.add(1, Attribute.flag("bundle-only"));
        return section(section, 0, full.formats(), lines);
    }

    private MediaDescription data(Section section, Setup setup) {
        List<Attribute> lines = start(section);
        transport(lines, section, setup);
        if (section.formats.contains(DATA_FORMAT)) {
            lines.add(new Attribute("sctp-port", Integer.toString(transport.sctpPort())));
        } else {
            // the form before RFC 8841: the port stands in the m= line
            section.formats.forEach(port -> lines.add(new Attribute("sctpmap", port + " " + DATA_FORMAT + " 65535")));
        }
        lines.add(new Attribute("max-message-size", Long.toString(transport.maxMessageBytes())));
        // an answer holds it only when the offer did: both sides then begin with what the descriptions say
        boolean offer = setup == Setup.ACTPASS;
        if (offer || section.remote != null && section.remote.sctpInit().hasRemaining()) {
            SctpInit.write(transport.sctpInit(), lines);
        }
        return section(section, ANY_PORT, section.formats, lines);
    }

    private MediaDescription media(Section section, Direction direction, Setup setup) {
        List<Attribute> lines = start(section);
        lines.add(new Attribute("rtcp", "9 IN IP4 0.0.0.0"));
        transport(lines, section, setup);
        lines.add(Attribute.flag(direction.attribute()));
        LocalTrack track = section.track;
        if (track != null && direction.sends()) {
            lines.add(new Msid(track.name(), track.name()).toAttribute());
        }
        lines.add(Attribute.flag("rtcp-mux"));
        if (section.reducedSize) {
            lines.add(Attribute.flag("rtcp-rsize"));
        }
        MediaWriter.formats(lines, section.ours, section.transportExtensionId != 0);
        MediaWriter.parity(lines, section.parity);
        if (section.midExtensionId != 0) {
            lines.add(new ExtMap(section.midExtensionId, Direction.SENDRECV, MID_EXTENSION, "").toAttribute());
        }
        if (section.transportExtensionId != 0) {
            lines.add(new ExtMap(section.transportExtensionId, Direction.SENDRECV, TRANSPORT_EXTENSION, "")
                    .toAttribute());
        }
        if (direction.receives()) {
            MediaWriter.layers(lines, section.layers);
        }
        if (track != null && direction.sends()) {
            MediaWriter.sources(lines, track, section.ours, cname);
        }
        return section(section, ANY_PORT, MediaWriter.payloadTypes(section.ours, section.parity), lines);
    }

    MediaDescription rejected(Section section) {
        List<Attribute> lines = start(section);
        lines.add(Attribute.flag(Direction.INACTIVE.attribute()));
        return section(section, 0, section.formats, lines);
    }

    private static MediaDescription section(Section section, int port, List<String> formats, List<Attribute> lines) {
        return MediaDescription.of(section.media, port, section.protocol, formats, new Attributes(lines));
    }

    private static List<Attribute> start(Section section) {
        List<Attribute> lines = new ArrayList<>();
        if (!section.mid.isEmpty()) {
            lines.add(new Attribute("mid", section.mid));
        }
        return lines;
    }

    private void transport(List<Attribute> lines, Section section, Setup setup) {
        lines.add(new Attribute("ice-ufrag", transport.credentials().ufrag()));
        lines.add(new Attribute("ice-pwd", transport.credentials().pwd()));
        lines.add(new Attribute("fingerprint", transport.fingerprint().toString()));
        lines.add(new Attribute("setup", setup.attribute()));
        boolean speaksForAll = bundle.isEmpty() || bundle.getFirst().equals(section.mid);
        if (speaksForAll && !candidatesWritten) {
            candidatesWritten = true;
            for (Candidate candidate : transport.candidates()) {
                lines.add(new Attribute("candidate", candidate.toAttribute().substring("candidate:".length())));
            }
            if (transport.complete()) {
                lines.add(Attribute.flag("end-of-candidates"));
            }
        }
    }
}
