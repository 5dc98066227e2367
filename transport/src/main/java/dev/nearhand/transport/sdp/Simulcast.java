package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `a=simulcast`: which streams of a section show the same picture (RFC 8853 section 5.1). Of alternatives the first is
/// kept; whether a stream is paused at first (`~`) is not.
///
/// @param send rids of those that whoever wrote it sends, most wanted first
/// @param receive of those that it takes
public record Simulcast(List<String> send, List<String> receive) {
    /// Further streams of a direction are ignored.
    static final int MAX_STREAMS = 32;

    public Simulcast {
        send = List.copyOf(send);
        receive = List.copyOf(receive);
    }

    static @Nullable Simulcast parse(String value) {
        List<String> words = SdpText.words(value);
        List<String> send = List.of();
        List<String> receive = List.of();
        if (words.isEmpty() || words.size() % 2 != 0) {
            return null;
        }
        for (int i = 0; i < words.size(); i += 2) {
            List<String> streams = streams(words.get(i + 1));
            if (streams.isEmpty()) {
                return null;
            }
            switch (words.get(i)) {
                case "send" -> send = streams;
                case "recv" -> receive = streams;
                default -> {
                    return null;
                }
            }
        }
        return new Simulcast(send, receive);
    }

    /// The rids of a list, each once; empty when it is none.
    private static List<String> streams(String list) {
        List<String> rids = new ArrayList<>();
        for (String stream : list.split(";", MAX_STREAMS + 1)) {
            String first = stream.split("[,;]", 2)[0];
            String rid = first.startsWith("~") ? first.substring(1) : first;
            if (!Rid.isId(rid)) {
                return List.of();
            }
            if (rids.size() < MAX_STREAMS && !rids.contains(rid)) {
                rids.add(rid);
            }
        }
        return rids;
    }

    public Attribute toAttribute() {
        List<String> words = new ArrayList<>();
        if (!send.isEmpty()) {
            words.add("send " + String.join(";", send));
        }
        if (!receive.isEmpty()) {
            words.add("recv " + String.join(";", receive));
        }
        return new Attribute("simulcast", String.join(" ", words));
    }
}
