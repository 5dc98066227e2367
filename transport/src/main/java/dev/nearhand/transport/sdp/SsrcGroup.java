package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `a=ssrc-group`: sources that belong together (RFC 5576 section 4.2).
///
/// @param semantics `FID` (a source and its retransmission), `FEC-FR`, `SIM` …
/// @param ssrcs raw 32-bit values
public record SsrcGroup(String semantics, List<Integer> ssrcs) {
    public SsrcGroup {
        ssrcs = List.copyOf(ssrcs);
    }

    static @Nullable SsrcGroup parse(String value) {
        var words = SdpText.words(value);
        if (words.isEmpty()) {
            return null;
        }
        List<Integer> ssrcs = new ArrayList<>();
        for (String word : words.subList(1, words.size())) {
            long ssrc = SdpText.number(word, SsrcAttribute.LARGEST_SSRC);
            if (ssrc < 0) {
                return null;
            }
            ssrcs.add((int) ssrc);
        }
        return new SsrcGroup(words.getFirst(), ssrcs);
    }

    public Attribute toAttribute() {
        StringBuilder text = new StringBuilder(semantics);
        for (int ssrc : ssrcs) {
            text.append(' ').append(Integer.toUnsignedString(ssrc));
        }
        return new Attribute("ssrc-group", text.toString());
    }
}
