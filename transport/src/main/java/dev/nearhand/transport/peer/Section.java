package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.sdp.Direction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `m=` section that both descriptions share, at the same index for good.
final class Section {
    /// What it carries.
    enum Kind {
        DATA,
        VIDEO,
        AUDIO,
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

    /// Whether we take video or audio in it.
    boolean wantsMedia;

    /// Neither side uses it any more; its place stays.
    boolean rejected;

    /// Whether RTCP may come without a report around it (RFC 5506); an answer says so only when the offer did.
    boolean reducedSize = true;

    /// The formats that our description of it names: what we take, by our numbers.
    List<MediaFormat> ours = List.of();

    /// What our track is sent in, by the other side's number; null until there is one.
    @Nullable
    MediaFormat sent;

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

    /// @param codecs what to offer, all of one kind, most wanted first
    static Section media(String mid, List<Codec> codecs) {
        boolean audio = codecs.getFirst().isAudio();
        List<MediaFormat> formats = CodecCatalog.offer(codecs);
        Section section = new Section(
                audio ? Kind.AUDIO : Kind.VIDEO,
                mid,
                audio ? "audio" : "video",
                "UDP/TLS/RTP/SAVPF",
                MediaWriter.payloadTypes(formats));
        section.ours = formats;
        return section;
    }

    boolean isMedia() {
        return kind == Kind.VIDEO || kind == Kind.AUDIO;
    }

    /// Whether frames of a track could be sent in it, as far as its kind goes.
    boolean suits(LocalTrack candidate) {
        return isMedia() && candidate.codec().isAudio() == (kind == Kind.AUDIO);
    }

    /// The place of a section that the other side brought.
    static Section of(Kind kind, RemoteSection remote) {
        return new Section(kind, remote.mid(), remote.media(), remote.protocol(), remote.formats());
    }

    /// What we want by ourselves, before the other side is asked.
    Direction wantedDirection() {
        return direction(track != null, wantsMedia);
    }

    /// What an answer of ours says to the offer in [#remote].
    Direction answeredDirection(RemoteSection offer) {
        return direction(
                track != null && sent != null && offer.direction().receives(),
                wantsMedia && offer.direction().sends());
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
                && sent != null
                && remote != null
                && remote.direction().receives();
    }

    boolean receivesNow() {
        return !rejected && wantsMedia && remote != null && remote.direction().sends();
    }
}
