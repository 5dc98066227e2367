package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.sdp.Attributes;
import dev.nearhand.transport.sdp.MediaDescription;
import dev.nearhand.transport.sdp.SdpError;
import dev.nearhand.transport.sdp.SessionDescription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes from a description of the other side what concerns us. What it cannot use it leaves out; only a text that is
/// no description at all is refused.
final class DescriptionReader {
    /// What a peer takes that does not say (RFC 8841 section 6).
    private static final long DEFAULT_MESSAGE_BYTES = 64 * 1024;

    private DescriptionReader() {}

    static RemoteDescription read(String sdp) {
        return switch (SessionDescription.parse(sdp)) {
            case SdpError error ->
                throw new NegotiationException(
                        "the description cannot be read: line " + error.line() + ": " + error.reason());
            case SessionDescription description -> read(description);
        };
    }

    private static RemoteDescription read(SessionDescription description) {
        List<RemoteSection> sections = new ArrayList<>();
        for (MediaDescription media : description.media()) {
            sections.add(section(description, media));
        }
        return new RemoteDescription(
                sections, description.bundle(), description.attributes().isIceLite());
    }

    private static RemoteSection section(SessionDescription description, MediaDescription media) {
        Attributes attributes = media.attributes();
        return new RemoteSection(
                media.media(),
                media.protocol(),
                media.formats(),
                attributes.mid().orElse(""),
                description.isRejected(media),
                description.direction(media),
                attributes.rtcpMux(),
                attributes.rtcpReducedSize(),
                credentials(description, media),
                fingerprints(description.fingerprints(media)),
                description.setup(media).orElse(null),
                candidates(description.candidates(media)),
                attributes.endOfCandidates() || description.attributes().endOfCandidates(),
                CodecCatalog.understood(media),
                CodecCatalog.redPayloadTypes(media),
                midExtension(attributes),
                attributes.ssrcs(),
                attributes.msids().stream()
                        .map(msid -> msid.track())
                        .findFirst()
                        .orElse(""),
                media.isDataChannels(),
                media.sctpPort(),
                maxMessageBytes(attributes),
                SctpInit.read(attributes));
    }

    private static @Nullable IceCredentials credentials(SessionDescription description, MediaDescription media) {
        String ufrag = description.iceUfrag(media).orElse("");
        String pwd = description.icePwd(media).orElse("");
        return IceCredentials.isValid(ufrag, pwd) ? new IceCredentials(ufrag, pwd) : null;
    }

    private static List<Fingerprint> fingerprints(List<String> values) {
        List<Fingerprint> result = new ArrayList<>();
        for (String value : values) {
            Fingerprint fingerprint = Fingerprint.parse(value);
            if (fingerprint != null) {
                result.add(fingerprint);
            }
        }
        return result;
    }

    private static List<Candidate> candidates(List<String> values) {
        List<Candidate> result = new ArrayList<>();
        for (String value : values) {
            Candidate candidate = Candidate.parse(value);
            if (candidate != null) {
                result.add(candidate);
            }
        }
        return result;
    }

    private static int midExtension(Attributes attributes) {
        return attributes.extMaps().stream()
                .filter(map -> map.uri().equals(SectionWriter.MID_EXTENSION) && map.id() <= 14)
                .map(map -> map.id())
                .findFirst()
                .orElse(0);
    }

    private static long maxMessageBytes(Attributes attributes) {
        long bytes = attributes.maxMessageSize().orElse(DEFAULT_MESSAGE_BYTES);
        return bytes == 0 ? Long.MAX_VALUE : bytes; // "0 ... can handle messages of any size"
    }
}
