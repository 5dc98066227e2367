package dev.nearhand.transport.peer;

import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.Group;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.Origin;
import dev.nearhand.transport.sdp.SessionDescription;
import dev.nearhand.transport.sdp.Setup;
import java.util.ArrayList;
import java.util.List;

/// Writes whole descriptions of ours: the session's lines, and the sections by [SectionWriter].
final class DescriptionWriter {
    private final String cname;
    private final long sessionId;

    /// @param sessionId of the `o=` line, 62 bits
    DescriptionWriter(String cname, long sessionId) {
        this.cname = cname;
        this.sessionId = sessionId;
    }

    String offer(List<Section> sections, BundlePolicy policy, LocalTransport transport, long version) {
        List<String> bundle = sections.stream()
                .filter(section -> !section.ended)
                .map(section -> section.mid)
                .toList();
        SectionWriter writer = new SectionWriter(transport, cname, bundle);
        List<MediaDescription> media = new ArrayList<>();
        for (int index = 0; index < sections.size(); index++) {
            Section section = sections.get(index);
            if (section.ended) {
                media.add(writer.rejected(section));
            } else if (policy.bundlesOnly(sections, index)) {
                media.add(writer.bundleOnly(section));
            } else {
                // "actpass" in every offer: the roles that stand are confirmed by the answer (RFC 8842 section 5.2)
                media.add(writer.offered(section, Setup.ACTPASS));
            }
        }
        return describe(bundle, media, version);
    }

    /// @param offer what is answered; the sections are those it has
    String answer(
            List<Section> sections, RemoteDescription offer, Setup setup, LocalTransport transport, long version) {
        // "in the same order as in the offer": the first of them speaks for the bundle (RFC 8843 section 7.3.1)
        List<String> bundle = offer.bundle().stream()
                .filter(mid -> sections.stream().anyMatch(section -> !section.rejected && section.mid.equals(mid)))
                .toList();
        SectionWriter writer = new SectionWriter(transport, cname, bundle);
        List<MediaDescription> media = new ArrayList<>();
        for (Section section : sections) {
            RemoteSection theirs = section.remote;
            media.add(
                    section.rejected || theirs == null
                            ? writer.rejected(section)
                            : writer.answered(section, theirs, setup));
        }
        return describe(bundle, media, version);
    }

    private String describe(List<String> bundle, List<MediaDescription> media, long version) {
        List<Attribute> attributes = new ArrayList<>();
        if (!bundle.isEmpty()) {
            attributes.add(new Group(Group.BUNDLE, bundle).toAttribute());
        }
        attributes.add(new Attribute("ice-options", "trickle ice2"));
        return SessionDescription.of(Origin.of(sessionId, version), new Attributes(attributes), media)
                .write();
    }
}
