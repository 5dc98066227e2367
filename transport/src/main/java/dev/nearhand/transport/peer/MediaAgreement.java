package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a [Negotiation] agrees on about video and audio: which tracks go in which section, and in which formats. The
/// rules for formats themselves are in [CodecCatalog].
///
/// Knows the tracks and wishes of this side that have not ended. Which of them wait follows from the sections: those
/// that are in none. So an offer that is taken back leaves nothing to undo here.
final class MediaAgreement {
    private final RandomGenerator random;
    private final List<LocalTrack> tracks = new ArrayList<>();
    private final List<ReceiveWish> wishes = new ArrayList<>();
    private List<Codec> acceptedVideo = CodecCatalog.VIDEO;
    private int nextHandle;

    MediaAgreement(RandomGenerator random) {
        this.random = random;
    }

    // --- what this side wants

    LocalTrack addTrack(String name, Codec... codecs) {
        if (tracks.size() == Negotiation.TRACKS_LIMIT) {
            throw new IllegalStateException("a connection carries at most " + Negotiation.TRACKS_LIMIT + " tracks");
        }
        int ssrc = freeSsrc(0);
        LocalTrack track = new LocalTrack(nextHandle++, name, List.of(codecs), ssrc, freeSsrc(ssrc));
        tracks.add(track);
        return track;
    }

    private int freeSsrc(int other) {
        int ssrc = random.nextInt();
        while (ssrc == 0 || ssrc == other || isUsed(ssrc)) {
            ssrc = random.nextInt();
        }
        return ssrc;
    }

    private boolean isUsed(int ssrc) {
        return tracks.stream().anyMatch(track -> track.ssrc() == ssrc || track.rtxSsrc() == ssrc);
    }

    /// The track of that handle, or null when it has ended.
    @Nullable
    LocalTrack track(int handle) {
        return tracks.stream()
                .filter(track -> track.handle() == handle)
                .findFirst()
                .orElse(null);
    }

    /// A track has ended: it is in no section from now on.
    void remove(LocalTrack track) {
        tracks.remove(track);
    }

    /// A section is over for good, and what this side wanted of it too.
    void forget(Section section) {
        if (section.track != null) {
            tracks.remove(section.track);
        }
        if (section.wish != null) {
            wishes.remove(section.wish);
        }
    }

    /// What video we take, most wanted first: offered in that order, and all that an answer agrees to.
    void acceptVideo(List<Codec> codecs) {
        acceptedVideo = List.copyOf(codecs);
    }

    /// Asks for one track more of the other side.
    void addReceiver(boolean audio) {
        if (wishes.size() == Negotiation.TRACKS_LIMIT) {
            throw new IllegalStateException("a connection carries at most " + Negotiation.TRACKS_LIMIT + " tracks");
        }
        wishes.add(new ReceiveWish(audio));
    }

    private List<LocalTrack> waitingTracks(List<Section> sections) {
        return tracks.stream()
                .filter(track -> sections.stream().noneMatch(section -> track.equals(section.track)))
                .toList();
    }

    private List<ReceiveWish> waitingWishes(List<Section> sections) {
        return wishes.stream()
                .filter(wish -> sections.stream().noneMatch(section -> wish.equals(section.wish)))
                .toList();
    }

    // --- offers of ours

    /// Adds to the sections of an offer one for each track that has none, and one for each that is asked for, as far as
    /// there is room; the others wait. The place of a section that has ended is used again (RFC 9429 5.2.2).
    void addWanted(List<Section> offer, MidSource mids, SectionIds ids) {
        PayloadTypes taken = PayloadTypes.of(offer);
        for (LocalTrack track : waitingTracks(offer)) {
            List<MediaFormat> formats = taken.free(CodecCatalog.offer(track.codecs()));
            place(offer, formats, mids, ids, section -> section.track = track);
        }
        for (ReceiveWish wish : waitingWishes(offer)) {
            List<Codec> codecs = wish.audio ? CodecCatalog.AUDIO : acceptedVideo;
            List<MediaFormat> formats = taken.free(CodecCatalog.offer(codecs));
            place(offer, formats, mids, ids, section -> {
                section.wantsMedia = true;
                section.wish = wish;
                section.accepted = codecs;
            });
        }
    }

    private static void place(
            List<Section> offer, List<MediaFormat> formats, MidSource mids, SectionIds ids, Consumer<Section> use) {
        long media = offer.stream()
                .filter(section -> section.isMedia() && !section.ended)
                .count();
        if (media < Negotiation.TRACKS_LIMIT && !formats.isEmpty()) {
            Section section = Section.media(ids.next(), mids.free(offer), formats);
            offer.stream()
                    .filter(other -> other.isMedia() && !other.ended && other.midExtensionId != 0)
                    .findFirst()
                    .ifPresent(other -> section.midExtensionId = other.midExtensionId); // one number in the bundle
            section.transportExtensionId = transportExtension(section, offer);
            use.accept(section);
            Section.put(offer, section);
        }
    }

    /// The number of transport-wide numbers for a new section: that which the bundle has already, unless it means
    /// something else there; video only, as audio has a rate of its own.
    private static int transportExtension(Section section, List<Section> offer) {
        if (section.kind != Section.Kind.VIDEO || section.mid.isEmpty()) {
            return 0;
        }
        int own = SectionWriter.TRANSPORT_EXTENSION_ID;
        int agreed = offer.stream()
                .filter(other -> other.isMedia() && !other.ended && other.transportExtensionId != 0)
                .mapToInt(other -> other.transportExtensionId)
                .findFirst()
                .orElse(own);
        boolean taken =
                offer.stream().anyMatch(other -> other.isMedia() && !other.ended && other.usesExtension(agreed));
        return taken ? 0 : agreed;
    }

    /// Chooses the formats of a section anew for another offer, when other ones are accepted than at the last time. The
    /// numbers that stand keep their meaning (RFC 9429 section 5.2.2).
    void reconsider(Section section, List<Section> all) {
        List<Codec> wanted = accepted(section);
        if (!section.wantsMedia || section.ended || section.accepted.equals(wanted)) {
            return;
        }
        List<MediaFormat> formats = new ArrayList<>();
        PayloadTypes taken = PayloadTypes.of(all);
        LocalTrack track = section.track;
        List<Codec> codecs = new ArrayList<>(wanted);
        if (track != null) {
            codecs.removeAll(track.codecs());
            codecs.addAll(0, track.codecs());
        }
        for (Codec codec : codecs) {
            List<MediaFormat> standing = section.ours.stream()
                    .filter(format -> format.codec() == codec)
                    .toList();
            formats.addAll(standing.isEmpty() ? taken.free(CodecCatalog.offer(List.of(codec))) : standing);
        }
        section.ours = formats;
        section.accepted = wanted;
    }

    // --- what the other side says

    /// Whether both sides speak what a section carries. Of an answer, what we offered counts and not what we want by
    /// now.
    boolean speaks(SdpKind kind, List<Section> all, Section ours, RemoteSection theirs) {
        return switch (ours.kind) {
            case DATA -> theirs.dataChannels();
            case VIDEO, AUDIO ->
                (theirs.isVideo() || theirs.isAudio())
                        && theirs.rtcpMux()
                        && theirs.mediaFormats().stream()
                                .anyMatch(format -> kind == SdpKind.OFFER
                                        ? isWanted(all, ours, format.codec())
                                        : ours.offers(format.codec()));
            case OTHER -> false;
        };
    }

    /// Whether a format is of use in a section: to send our track in, or to take.
    private boolean isWanted(List<Section> all, Section section, Codec codec) {
        LocalTrack track = section.track;
        boolean sendable = track == null
                ? waitingTracks(all).stream()
                        .anyMatch(waiting -> waiting.codecs().contains(codec))
                : track.codecs().contains(codec);
        return sendable || accepted(section).contains(codec);
    }

    private List<Codec> accepted(Section section) {
        return section.kind == Section.Kind.AUDIO ? CodecCatalog.AUDIO : acceptedVideo;
    }

    /// Takes over what the other side says about a section of video or audio.
    ///
    /// @param all the sections of the description, this one among them
    void agree(SdpKind kind, List<Section> all, Section ours, RemoteSection theirs) {
        ours.reducedSize = theirs.rtcpReducedSize();
        ours.midExtensionId = ours.mid.isEmpty() ? 0 : theirs.midExtensionId();
        boolean numbered = ours.kind == Section.Kind.VIDEO && (kind == SdpKind.OFFER || ours.transportExtensionId != 0);
        ours.transportExtensionId = numbered ? theirs.transportExtensionId() : 0;
        if (kind == SdpKind.OFFER || theirs.layers().isEmpty()) {
            ours.layers = theirs.layers(); // several streams are never our idea
        }
        if (kind == SdpKind.OFFER) {
            ours.wantsMedia = true;
            if (ours.track == null && theirs.direction().receives()) {
                ours.track = waitingTrack(all, ours, theirs);
            }
            if (ours.wish == null && theirs.direction().sends()) {
                ours.wish = waitingWishes(all).stream()
                        .filter(wish -> wish.audio == (ours.kind == Section.Kind.AUDIO))
                        .findFirst()
                        .orElse(null);
            }
        }
        LocalTrack track = ours.track;
        ours.sent = track == null ? null : sent(kind, theirs, track);
        if (kind == SdpKind.OFFER) {
            answerFormats(ours, theirs, ours.sent == null ? null : ours.sent.codec());
        }
    }

    /// Of an offer we choose what we want most; of an answer what the other side wants most, which names it first (RFC
    /// 3264 section 6.1).
    private static @Nullable MediaFormat sent(SdpKind kind, RemoteSection theirs, LocalTrack track) {
        List<MediaFormat> formats = theirs.mediaFormats();
        List<Codec> order = kind == SdpKind.OFFER
                ? track.codecs()
                : formats.stream()
                        .map(MediaFormat::codec)
                        .filter(track.codecs()::contains)
                        .toList();
        return order.stream()
                .map(codec -> CodecCatalog.sendable(formats, codec))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private void answerFormats(Section ours, RemoteSection theirs, @Nullable Codec sent) {
        // a section that only we send in needs no other format than that of our track
        boolean takes = theirs.direction().sends() || ours.sent == null;
        ours.accepted = accepted(ours);
        ours.ours = CodecCatalog.answer(theirs.mediaFormats(), takes ? ours.accepted : List.of(), sent);
        ours.parity = theirs.direction().sends() ? CodecCatalog.answer(theirs.parity(), ours.ours) : ParityFormat.NONE;
        if (ours.ours.isEmpty()) {
            ours.wantsMedia = false; // a track of ours suits it, but may not be sent in it
            ours.ours = CodecCatalog.answer(theirs.mediaFormats(), CodecCatalog.VIDEO, null);
        }
    }

    /// The first of our tracks that waits and that the section can carry; null when there is none.
    private @Nullable LocalTrack waitingTrack(List<Section> all, Section section, RemoteSection theirs) {
        for (LocalTrack track : waitingTracks(all)) {
            if (section.suits(track) && sent(SdpKind.OFFER, theirs, track) != null) {
                return track;
            }
        }
        return null;
    }
}
