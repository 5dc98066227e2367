package dev.nearhand.transport.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `a=` lines of a session or of one section, in their order, and typed access to those that WebRTC needs.
///
/// A line whose value cannot be read is as good as absent to the typed accessors, and still there in [#list].
public record Attributes(List<Attribute> list) {
    public static final Attributes NONE = new Attributes(List.of());

    /// Reads the value of a line, or answers null when it makes no sense.
    @FunctionalInterface
    private interface ValueParser<T> {
        @Nullable
        T parse(String value);
    }

    public Attributes {
        list = List.copyOf(list);
    }

    public static Attributes of(Attribute... attributes) {
        return new Attributes(List.of(attributes));
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    /// The value of the first line of that name.
    public Optional<String> first(String name) {
        for (Attribute attribute : list) {
            if (attribute.name().equals(name)) {
                return Optional.of(attribute.value());
            }
        }
        return Optional.empty();
    }

    /// The values of all lines of that name.
    public List<String> all(String name) {
        return read(name, value -> value);
    }

    private <T> List<T> read(String name, ValueParser<T> parser) {
        List<T> values = new ArrayList<>();
        for (Attribute attribute : list) {
            if (attribute.name().equals(name)) {
                @Nullable T value = parser.parse(attribute.value());
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return List.copyOf(values);
    }

    public List<Group> groups() {
        return read("group", value -> {
            List<String> words = SdpText.words(value);
            return words.isEmpty() ? null : new Group(words.getFirst(), words.subList(1, words.size()));
        });
    }

    public Optional<String> mid() {
        return word("mid");
    }

    public Optional<String> iceUfrag() {
        return word("ice-ufrag");
    }

    public Optional<String> icePwd() {
        return word("ice-pwd");
    }

    private Optional<String> word(String name) {
        return first(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /// `trickle`, `ice2`, `renomination` …; of several lines, all count.
    public Set<String> iceOptions() {
        Set<String> options = new HashSet<>();
        for (String value : all("ice-options")) {
            options.addAll(SdpText.words(value));
        }
        return Set.copyOf(options);
    }

    public boolean isIceLite() {
        return has("ice-lite");
    }

    /// Values of `a=fingerprint`, as written.
    public List<String> fingerprints() {
        return all("fingerprint");
    }

    public Optional<Setup> setup() {
        return word("setup").flatMap(value -> {
            for (Setup setup : Setup.values()) {
                if (setup.attribute().equals(value.toLowerCase(Locale.ROOT))) {
                    return Optional.of(setup);
                }
            }
            return Optional.empty();
        });
    }

    /// The first of `sendrecv`, `sendonly`, `recvonly`, `inactive`.
    public Optional<Direction> direction() {
        for (Attribute attribute : list) {
            for (Direction direction : Direction.values()) {
                if (direction.attribute().equals(attribute.name())) {
                    return Optional.of(direction);
                }
            }
        }
        return Optional.empty();
    }

    /// Values of `a=candidate`, as written, good and bad ones; an empty one means that no more come.
    public List<String> candidates() {
        return all("candidate");
    }

    public boolean endOfCandidates() {
        return has("end-of-candidates") || candidates().stream().anyMatch(String::isBlank);
    }

    public List<RtpMap> rtpMaps() {
        return read("rtpmap", RtpMap::parse);
    }

    public List<Fmtp> fmtps() {
        return read("fmtp", Fmtp::parse);
    }

    public List<RtcpFeedback> rtcpFeedback() {
        return read("rtcp-fb", RtcpFeedback::parse);
    }

    public List<ExtMap> extMaps() {
        return read("extmap", ExtMap::parse);
    }

    /// Whether one- and two-byte header extensions may be mixed (RFC 8285 section 6).
    public boolean extmapAllowMixed() {
        return has("extmap-allow-mixed");
    }

    public boolean rtcpMux() {
        return has("rtcp-mux");
    }

    public boolean rtcpReducedSize() {
        return has("rtcp-rsize");
    }

    public boolean bundleOnly() {
        return has("bundle-only");
    }

    public List<Msid> msids() {
        return read("msid", value -> {
            List<String> words = SdpText.words(value);
            return words.isEmpty() ? null : new Msid(words.getFirst(), words.size() < 2 ? "" : words.get(1));
        });
    }

    public List<Rid> rids() {
        return read("rid", Rid::parse);
    }

    /// The first `a=simulcast` that can be read; a section has one (RFC 8853 section 5.1).
    public Optional<Simulcast> simulcast() {
        return read("simulcast", Simulcast::parse).stream().findFirst();
    }

    public List<SsrcAttribute> ssrcAttributes() {
        return read("ssrc", SsrcAttribute::parse);
    }

    /// Every source that is named, once, in order.
    public List<Integer> ssrcs() {
        return ssrcAttributes().stream().map(SsrcAttribute::ssrc).distinct().toList();
    }

    public List<SsrcGroup> ssrcGroups() {
        return read("ssrc-group", SsrcGroup::parse);
    }

    /// `a=sctp-port` (RFC 8841 section 5).
    public OptionalInt sctpPort() {
        long port =
                word("sctp-port").map(value -> SdpText.number(value, 65_535)).orElse(-1L);
        return port < 0 ? OptionalInt.empty() : OptionalInt.of((int) port);
    }

    /// The port of the draft's `a=sctpmap:5000 webrtc-datachannel 1024`, which older programs write instead.
    public OptionalInt sctpMapPort() {
        for (String value : all("sctpmap")) {
            List<String> words = SdpText.words(value);
            long port = words.size() < 2 ? -1 : SdpText.number(words.getFirst(), 65_535);
            if (port >= 0 && Objects.equals(words.get(1), "webrtc-datachannel")) {
                return OptionalInt.of((int) port);
            }
        }
        return OptionalInt.empty();
    }

    /// `a=max-message-size` in bytes; 0 means any size (RFC 8841 section 6).
    public OptionalLong maxMessageSize() {
        long size = word("max-message-size")
                .map(value -> SdpText.number(value, Long.MAX_VALUE))
                .orElse(-1L);
        return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
    }
}
