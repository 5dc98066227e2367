package dev.nearhand.transport.peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the payload types of a bundle mean: in all its sections one number is one format
/// ([RFC 8843 section 9.1](https://www.rfc-editor.org/rfc/rfc8843#section-9.1)).
final class PayloadTypes {
    /// Those without a meaning of their own, as RFC 3551 leaves them, and then those that RTCP on the same port leaves
    /// (RFC 5761 section 4).
    private static final int FIRST = 96;
    private static final int LAST = 127;
    private static final int SECOND_FIRST = 35;
    private static final int SECOND_LAST = 63;

    private final Map<Integer, String> meanings = new HashMap<>();

    static PayloadTypes of(List<Section> sections) {
        PayloadTypes types = new PayloadTypes();
        for (Section section : sections) {
            if (!section.ended) {
                section.ours.forEach(types::take);
                types.take(section.parity);
                if (section.remote != null) {
                    section.remote.mediaFormats().forEach(types::take);
                    types.take(section.remote.parity());
                }
            }
        }
        return types;
    }

    private void take(MediaFormat format) {
        meanings.putIfAbsent(format.payloadType(), meaning(format));
        if (format.hasRtx()) {
            meanings.putIfAbsent(format.rtxPayloadType(), rtxMeaning(format.payloadType()));
        }
    }

    private void take(ParityFormat parity) {
        if (!parity.isNone()) {
            meanings.putIfAbsent(parity.red(), ParityFormat.RED);
            meanings.putIfAbsent(parity.ulpfec(), ParityFormat.ULPFEC);
        }
        if (parity.hasRtx()) {
            meanings.putIfAbsent(parity.rtx(), rtxMeaning(parity.red()));
        }
    }

    /// What tells two formats of one codec apart; levels and what a side takes do not.
    private static String meaning(MediaFormat format) {
        return format.codec() + (format.singleNalUnits() ? " mode 0" : "");
    }

    private static String rtxMeaning(int payloadType) {
        return "rtx of " + payloadType;
    }

    /// These formats, under other numbers where theirs mean something else already; takes the numbers.
    List<MediaFormat> free(List<MediaFormat> formats) {
        List<MediaFormat> free = new ArrayList<>();
        for (MediaFormat format : formats) {
            int type = free(format.payloadType(), meaning(format));
            if (type < 0) {
                continue;
            }
            meanings.put(type, meaning(format));
            int rtx = format.hasRtx() ? free(format.rtxPayloadType(), rtxMeaning(type)) : MediaFormat.NO_RTX;
            if (rtx >= 0) {
                meanings.put(rtx, rtxMeaning(type));
            }
            free.add(format.withNumbers(type, rtx));
        }
        return free;
    }

    /// The wanted number if it is free or means just that, else one that does or is; -1 when there is none.
    private int free(int wanted, String meaning) {
        @Nullable String standing = meanings.get(wanted);
        if (standing == null || standing.equals(meaning)) {
            return wanted;
        }
        for (Map.Entry<Integer, String> entry : meanings.entrySet()) {
            if (entry.getValue().equals(meaning)) {
                return entry.getKey();
            }
        }
        for (int type = FIRST; type <= LAST; type++) {
            if (!meanings.containsKey(type)) {
                return type;
            }
        }
        for (int type = SECOND_FIRST; type <= SECOND_LAST; type++) {
            if (!meanings.containsKey(type)) {
                return type;
            }
        }
        return -1;
    }
}
