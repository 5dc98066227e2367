package dev.nearhand.transport.peer;

import dev.nearhand.transport.sdp.Direction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `m=` section that both descriptions share, at the same index for good.
final class Section {
    /// What it carries.
    enum Kind {
        DATA,
        VIDEO,
        /// Something we do not speak; always rejected.
        OTHER
    }

    final Kind kind;
    final String mid;
    final String media;
    final String protocol;
    final List<String> formats;

    /// What we send in it.
    @Nullable
    LocalTrack track;

    /// Whether we take video in it.
    boolean wantsVideo;

    /// Neither side uses it any more; its place stays.
    boolean rejected;

    /// Whether RTCP may come without a report around it (RFC 5506); an answer says so only when the offer did.
    boolean reducedSize = true;

    VideoFormat format = VideoFormat.OURS;
    int midExtensionId = SectionWriter.MID_EXTENSION_ID;

    /// What the other side says in its latest description; null until it has said something.
    @Nullable
    RemoteSection remote;

    Section(Kind kind, String mid, String media, String protocol, List<String> formats) {
        this.kind = kind;
        this.mid = mid;
        this.media = media;
        this.protocol = protocol;
        this.formats = formats;
    }

    static Section data(String mid) {
        return new Section(Kind.DATA, mid, "application", "UDP/DTLS/SCTP", List.of("webrtc-datachannel"));
    }

    static Section video(String mid) {
        return new Section(Kind.VIDEO, mid, "video", "UDP/TLS/RTP/SAVPF", List.of("96"));
    }

    /// The place of a section that the other side brought.
    static Section of(Kind kind, RemoteSection remote) {
        return new Section(kind, remote.mid(), remote.media(), remote.protocol(), remote.formats());
    }

    /// What we want by ourselves, before the other side is asked.
    Direction wantedDirection() {
        return direction(track != null, wantsVideo);
    }

    /// What an answer of ours says to the offer in [#remote].
    Direction answeredDirection(RemoteSection offer) {
        return direction(
                track != null && offer.direction().receives(),
                wantsVideo && offer.direction().sends());
    }

    private static Direction direction(boolean sends, boolean receives) {
        if (sends) {
            return receives ? Direction.SENDRECV : Direction.SENDONLY;
        }
        return receives ? Direction.RECVONLY : Direction.INACTIVE;
    }

    boolean sendsNow() {
        return !rejected
                && track != null
                && remote != null
                && remote.direction().receives();
    }

    boolean receivesNow() {
        return !rejected && wantsVideo && remote != null && remote.direction().sends();
    }
}
