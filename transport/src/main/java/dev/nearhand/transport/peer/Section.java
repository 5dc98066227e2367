package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import dev.nearhand.transport.rtp.RtpLayers;
import dev.nearhand.transport.sdp.Direction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `m=` section that both descriptions share. Its place in them may be given to another one when both have rejected
/// it.
///
/// What is agreed on changes in copies only, so that an offer can be taken back.
final class Section {
    /// What it carries.
    enum Kind {
        DATA,
        VIDEO,
        AUDIO,
        /// Something we do not speak; always rejected.
        OTHER
    }

    /// What tells it from any other one that has been there, its copies excepted.
    final int id;

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

    /// The wish of ours that it fulfils.
    @Nullable
    ReceiveWish wish;

    /// This side wants it to end: the next description rejects it.
    boolean stopping;

    /// The latest description rejects it.
    boolean rejected;

    /// No answer brings it back: it was rejected for good, or is so in the offer. Its place is free for another one.
    boolean ended;

    /// Whether RTCP may come without a report around it (RFC 5506); an answer says so only when the offer did.
    boolean reducedSize = true;

    /// The formats that our description of it names: what we take, by our numbers.
    List<MediaFormat> ours = List.of();

    /// The parity that our description of it names: what video may come with. Never our idea.
    ParityFormat parity = ParityFormat.NONE;

    /// What our track is sent in, by the other side's number; null until there is one.
    @Nullable
    MediaFormat sent;

    int midExtensionId = SectionWriter.MID_EXTENSION_ID;

    /// Of the transport-wide numbers of its packets, whose arrival is told both ways; 0 without them.
    int transportExtensionId;

    /// The streams that the other side's track comes in, as it offered and we answered.
    RtpLayers layers = RtpLayers.NONE;

    /// What the other side says in its latest description; null until it has said something.
    @Nullable
    RemoteSection remote;

    /// The video that was accepted when its formats were chosen.
    List<Codec> accepted = List.of();

    Section(int id, Kind kind, String mid, String media, String protocol, List<String> formats) {
        this.id = id;
        this.kind = kind;
        this.mid = mid;
        this.media = media;
        this.protocol = protocol;
        this.formats = formats;
    }

    /// The same section, to be changed by itself.
    Section copy() {
        Section copy = new Section(id, kind, mid, media, protocol, formats);
        copy.track = track;
        copy.wantsMedia = wantsMedia;
        copy.wish = wish;
        copy.stopping = stopping;
        copy.rejected = rejected;
        copy.ended = ended;
        copy.reducedSize = reducedSize;
        copy.ours = ours;
        copy.parity = parity;
        copy.sent = sent;
        copy.midExtensionId = midExtensionId;
        copy.transportExtensionId = transportExtensionId;
        copy.layers = layers;
        copy.remote = remote;
        copy.accepted = accepted;
        return copy;
    }

    /// Whether a number of a header extension means something else than the transport-wide number here.
    boolean usesExtension(int id) {
        return midExtensionId == id
                || !layers.isEmpty() && (layers.ridExtensionId() == id || layers.repairedExtensionId() == id);
    }

    static List<Section> copies(List<Section> sections) {
        List<Section> copies = new ArrayList<>(sections.size());
        for (Section section : sections) {
            copies.add(section.copy());
        }
        return copies;
    }

    /// Puts a section into an offer: in the place of one that has ended, else at the end (RFC 9429 section 5.2.2).
    ///
    /// @return false when there is no place
    static boolean put(List<Section> offer, Section section) {
        for (int place = 0; place < offer.size(); place++) {
            if (offer.get(place).ended) {
                offer.set(place, section);
                return true;
            }
        }
        return offer.size() < Negotiation.SECTIONS_LIMIT && offer.add(section);
    }

    static Section data(int id, String mid) {
        return new Section(id, Kind.DATA, mid, "application", "UDP/DTLS/SCTP", List.of("webrtc-datachannel"));
    }

    /// @param formats what to offer, all of one kind, most wanted first
    static Section media(int id, String mid, List<MediaFormat> formats) {
        boolean audio = formats.getFirst().codec().isAudio();
        Section section = new Section(
                id,
                audio ? Kind.AUDIO : Kind.VIDEO,
                mid,
                audio ? "audio" : "video",
                "UDP/TLS/RTP/SAVPF",
                MediaWriter.payloadTypes(formats, ParityFormat.NONE));
        section.ours = formats;
        return section;
    }

    /// The largest message that the other side takes in a section of data channels; without one there is no limit.
    static long maxMessageBytes(@Nullable Section data) {
        return data == null || data.remote == null ? Long.MAX_VALUE : data.remote.maxMessageBytes();
    }

    boolean isMedia() {
        return kind == Kind.VIDEO || kind == Kind.AUDIO;
    }

    /// Whether frames of a track could be sent in it, as far as its kind goes.
    boolean suits(LocalTrack candidate) {
        return isMedia() && candidate.codecs().getFirst().isAudio() == (kind == Kind.AUDIO);
    }

    boolean offers(Codec codec) {
        return ours.stream().anyMatch(format -> format.codec() == codec);
    }

    /// The place of a section that the other side brought.
    static Section of(int id, Kind kind, RemoteSection remote) {
        return new Section(id, kind, remote.mid(), remote.media(), remote.protocol(), remote.formats());
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
                && !stopping
                && track != null
                && sent != null
                && remote != null
                && remote.direction().receives();
    }

    boolean receivesNow() {
        return !rejected
                && !stopping
                && wantsMedia
                && remote != null
                && remote.direction().sends();
    }
}
