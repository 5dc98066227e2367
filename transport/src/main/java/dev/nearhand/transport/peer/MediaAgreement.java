package dev.nearhand.transport.peer;

import dev.nearhand.transport.payload.Codec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a [Negotiation] agrees on about video and audio: which tracks go in which section, and in which formats. The
/// rules for formats themselves are in [CodecCatalog].
final class MediaAgreement {
    private final RandomGenerator random;
    private final List<LocalTrack> unassigned = new ArrayList<>();
    private final Set<Integer> usedSsrcs = new HashSet<>();
    private final List<Boolean> receiversWanted = new ArrayList<>(); // whether audio
    private List<Codec> acceptedVideo = CodecCatalog.VIDEO;
    private int tracks;

    MediaAgreement(RandomGenerator random) {
        this.random = random;
    }

    LocalTrack addTrack(String name, Codec codec) {
        if (tracks == Negotiation.TRACKS_LIMIT) {
            throw new IllegalStateException("a connection carries at most " + Negotiation.TRACKS_LIMIT + " tracks");
        }
        LocalTrack track = new LocalTrack(tracks++, name, codec, freeSsrc(), freeSsrc());
        unassigned.add(track);
        return track;
    }

    private int freeSsrc() {
        int ssrc = random.nextInt();
        while (ssrc == 0 || !usedSsrcs.add(ssrc)) {
            ssrc = random.nextInt();
        }
        return ssrc;
    }

    /// What video we take, most wanted first: offered in that order, and all that an answer agrees to.
    void acceptVideo(List<Codec> codecs) {
        acceptedVideo = List.copyOf(codecs);
    }

    /// Asks for one track more of the other side.
    void addReceiver(boolean audio) {
        if (receiversWanted.size() == Negotiation.TRACKS_LIMIT) {
            throw new IllegalStateException("a connection carries at most " + Negotiation.TRACKS_LIMIT + " tracks");
        }
        receiversWanted.add(audio);
    }

    /// Adds to the sections of an offer one for each track that has none, and one for each that is asked for.
    void addWanted(List<Section> offer, Supplier<String> freeMid) {
        for (LocalTrack track : unassigned) {
            Section section = Section.media(freeMid.get(), List.of(track.codec()));
            section.track = track;
            offer.add(section);
        }
        for (boolean audio : receiversWanted) {
            Section section = Section.media(freeMid.get(), audio ? CodecCatalog.AUDIO : acceptedVideo);
            section.wantsMedia = true;
            offer.add(section);
        }
    }

    /// An offer of ours with these sections stands.
    void offered(List<Section> sections) {
        for (Section section : sections) {
            if (section.track != null) {
                unassigned.remove(section.track);
            }
        }
        receiversWanted.clear();
    }

    /// Whether both sides speak what a section carries.
    boolean speaks(Section ours, RemoteSection theirs) {
        return switch (ours.kind) {
            case DATA -> theirs.dataChannels();
            case VIDEO, AUDIO ->
                (theirs.isVideo() || theirs.isAudio())
                        && theirs.rtcpMux()
                        && theirs.mediaFormats().stream().anyMatch(format -> isWanted(ours, format.codec()));
            case OTHER -> false;
        };
    }

    /// Whether a format is of use in a section: to send our track in, or to take.
    private boolean isWanted(Section section, Codec codec) {
        LocalTrack track = section.track;
        boolean sendable = track == null
                ? unassigned.stream().anyMatch(waiting -> waiting.codec() == codec)
                : track.codec() == codec;
        return sendable || accepted(section).contains(codec);
    }

    private List<Codec> accepted(Section section) {
        return section.kind == Section.Kind.AUDIO ? CodecCatalog.AUDIO : acceptedVideo;
    }

    /// Takes over what the other side says about a section of video or audio.
    void agree(SdpKind kind, Section ours, RemoteSection theirs) {
        ours.reducedSize = theirs.rtcpReducedSize();
        ours.midExtensionId = ours.mid.isEmpty() ? 0 : theirs.midExtensionId();
        if (kind == SdpKind.OFFER) {
            ours.wantsMedia = true;
            if (ours.track == null && theirs.direction().receives()) {
                ours.track = takeTrack(ours, theirs);
            }
            if (theirs.direction().sends()) {
                receiversWanted.remove((Boolean) (ours.kind == Section.Kind.AUDIO));
            }
        }
        LocalTrack track = ours.track;
        ours.sent = track == null ? null : CodecCatalog.sendable(theirs.mediaFormats(), track.codec());
        if (kind == SdpKind.OFFER) {
            answerFormats(ours, theirs, track == null ? null : track.codec());
        }
    }

    private void answerFormats(Section ours, RemoteSection theirs, @Nullable Codec sent) {
        // a section that only we send in needs no other format than that of our track
        boolean takes = theirs.direction().sends() || ours.sent == null;
        ours.ours = CodecCatalog.answer(theirs.mediaFormats(), takes ? accepted(ours) : List.of(), sent);
        if (ours.ours.isEmpty()) {
            ours.wantsMedia = false; // a track of ours suits it, but may not be sent in it
            ours.ours = CodecCatalog.answer(theirs.mediaFormats(), CodecCatalog.VIDEO, null);
        }
    }

    /// The first of our tracks that waits and that the section can carry; null when there is none.
    private @Nullable LocalTrack takeTrack(Section section, RemoteSection theirs) {
        for (LocalTrack track : unassigned) {
            if (section.suits(track) && CodecCatalog.sendable(theirs.mediaFormats(), track.codec()) != null) {
                unassigned.remove(track);
                return track;
            }
        }
        return null;
    }
}
