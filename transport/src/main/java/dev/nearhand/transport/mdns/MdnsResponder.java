package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Answers the local links for the names of this program's host candidates (RFC 6762, as far as
/// draft-ietf-mmusic-mdns-ice-candidates needs it), and for nothing else.
///
/// A name has one address and is answered for on the link of that address only. A name is random, so it is not probed
/// for ("SHOULD skip probing"), and nobody's claim to it is heard. It is announced a second after it has been
/// published: who hears of it by signaling asks sooner, and is answered at once. Nothing is multicast twice within a
/// second.
///
/// Opens no socket, knows links by numbers only. Single-threaded.
public final class MdnsResponder {
    /// Larger than any response.
    public static final int MAX_RESPONSE_BYTES = 600;

    /// Further names are not answered for.
    public static final int NAMES_LIMIT = 1_024;

    /// The port that everybody listens on who knows mDNS.
    public static final int PORT = 5_353;

    /// "The recommended TTL value for … the host's name … SHOULD be 120 seconds" (section 10).
    static final int TTL_SECONDS = 120;

    /// "SHOULD NOT be greater than ten seconds" (section 6.7).
    static final int LEGACY_TTL_SECONDS = 10;

    /// "At least two unsolicited responses, one second apart" (section 8.3).
    static final int ANNOUNCEMENTS = 2;

    /// "MUST NOT … until at least one second has elapsed" (section 6).
    static final long PAUSE_NANOS = 1_000_000_000L;

    /// Messages that wait to be sent; further ones are dropped.
    static final int QUEUE_LIMIT = 2_048;

    /// Questions about one name that are repeated to an asker.
    private static final int ECHO_LIMIT = 2;

    /// What has been multicast within a quarter of its time to live may be told to an asker alone (section 5.4).
    private static final long RECENT_NANOS = TTL_SECONDS * 1_000_000_000L / 4;

    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    /// @param length how many bytes were written
    /// @param to the asker, or null for everybody on the link
    /// @param overIpv6 whether everybody is reached over IPv6, or over IPv4
    public record Outgoing(
            int length,
            int link,
            boolean overIpv6,
            @Nullable InetSocketAddress to) {
        /// Says no address.
        @Override
        public String toString() {
            return "Outgoing[" + length + " bytes to " + (to == null ? "all]" : "one]");
        }
    }

    private static final class Name {
        final MdnsAnswer answer;
        final DnsRecord record;
        final int link;
        int announcementsLeft = ANNOUNCEMENTS;
        long announceNanos;
        /// When the address was told to all.
        long multicastNanos = LONG_AGO;
        /// When all were told that there is no other: a record of its own, so that who asks for both families in two
        /// messages does not wait for the second.
        long noOtherNanos = LONG_AGO;
        long dueNanos = TimerTable.NEVER;
        boolean dueIsAsked;
        boolean dueOverIpv4;
        boolean dueOverIpv6;

        Name(MdnsAnswer answer, int link, long announceNanos) {
            this.answer = answer;
            this.record = new DnsRecord.Address(answer.hostName(), answer.address());
            this.link = link;
            this.announceNanos = announceNanos;
        }

        /// @param isAsked whether the address is wanted, or only the word that there is no other
        void wish(long nowNanos, boolean isAsked) {
            long lastNanos = isAsked ? multicastNanos : noOtherNanos;
            dueIsAsked |= isAsked;
            dueNanos = Math.min(dueNanos, Math.max(nowNanos, lastNanos + PAUSE_NANOS));
        }

        void told(long nowNanos, boolean address, boolean noOther) {
            multicastNanos = address ? nowNanos : multicastNanos;
            noOtherNanos = noOther ? nowNanos : noOtherNanos;
            if (dueIsAsked && !address) {
                dueNanos = multicastNanos + PAUSE_NANOS; // its second is not over
                return;
            }
            dueNanos = TimerTable.NEVER;
            dueIsAsked = false;
            dueOverIpv4 = false;
            dueOverIpv6 = false;
        }
    }

    private final Map<String, Name> names = new LinkedHashMap<>();
    private final SortedMap<String, Long> counters = new TreeMap<>();
    private final Outbox outbox = new Outbox(QUEUE_LIMIT, this::count);

    /// Answers for a name from now on.
    ///
    /// @param hostName `<label>.local`
    /// @param link where the address is
    public void publish(long nowNanos, String hostName, InetAddress address, int link) {
        if (names.size() == NAMES_LIMIT || !MdnsMessage.isAskable(hostName)) {
            count("refused.names");
            return;
        }
        String name = hostName.toLowerCase(Locale.ROOT);
        names.put(name, new Name(new MdnsAnswer(name, address), link, nowNanos + PAUSE_NANOS));
    }

    /// Answers for a name no more, and says so to those who have heard of it.
    public void withdraw(String hostName) {
        Name gone = names.remove(hostName.toLowerCase(Locale.ROOT));
        if (gone != null && (gone.multicastNanos != LONG_AGO || gone.noOtherNanos != LONG_AGO)) {
            MdnsResponse goodbye = new MdnsResponse(0, List.of(), gone.answer, true, false, 0, true);
            outbox.toAll(goodbye, gone.link, true, true);
        }
    }

    public boolean isIdle() {
        return names.isEmpty() && outbox.isEmpty();
    }

    /// Takes what has come to the port of mDNS.
    ///
    /// @param links those that the sender is on; none when it comes from further away, and is not to be answered
    ///     (section 11)
    public void handleDatagram(
            long nowNanos, ByteBuffer borrowed, InetSocketAddress from, boolean overIpv6, Set<Integer> links) {
        if (MdnsQuery.isResponse(borrowed)) {
            count("ignored.responses");
            return;
        }
        if (links.isEmpty() || from.getPort() == 0) {
            count("dropped.offLink");
            return;
        }
        MdnsQuery query = MdnsQuery.parse(borrowed);
        if (query == null) {
            count("dropped.malformed");
            return;
        }
        Map<Name, List<MdnsQuery.Question>> asked = new LinkedHashMap<>();
        for (MdnsQuery.Question question : query.questions()) {
            Name name = names.get(question.hostName());
            if (name == null) {
                count("ignored.otherNames");
            } else if (!links.contains(name.link)) {
                count("dropped.otherLink");
            } else {
                asked.computeIfAbsent(name, _ -> new ArrayList<>()).add(question);
            }
        }
        asked.forEach((name, questions) -> answer(nowNanos, query, name, questions, from, overIpv6));
    }

    private void answer(
            long nowNanos,
            MdnsQuery query,
            Name name,
            List<MdnsQuery.Question> questions,
            InetSocketAddress from,
            boolean overIpv6) {
        boolean isAsked = questions.stream().anyMatch(question -> question.asksFor(name.answer.address()));
        boolean isKnown = query.known().stream()
                .anyMatch(known -> known.record().equals(name.record) && known.ttlSeconds() >= TTL_SECONDS / 2);
        if (from.getPort() != PORT) {
            Set<MdnsQuery.Question> echoed = new LinkedHashSet<>(questions);
            List<MdnsQuery.Question> first = echoed.stream().limit(ECHO_LIMIT).toList();
            outbox.toOne(
                    nowNanos,
                    new MdnsResponse(query.id(), first, name.answer, isAsked, true, LEGACY_TTL_SECONDS, false),
                    name.link,
                    overIpv6,
                    from);
        } else if (isAsked && isKnown) {
            count("suppressed.known");
        } else if (questions.stream().allMatch(MdnsQuery.Question::wantsUnicast)
                && nowNanos - name.multicastNanos < RECENT_NANOS) {
            outbox.toOne(nowNanos, response(name, isAsked, true), name.link, overIpv6, from);
        } else {
            name.dueOverIpv4 |= !overIpv6;
            name.dueOverIpv6 |= overIpv6;
            name.wish(nowNanos, isAsked);
            count("answered.toAll");
        }
    }

    private static MdnsResponse response(Name name, boolean isAsked, boolean saysNoOther) {
        return new MdnsResponse(0, List.of(), name.answer, isAsked, saysNoOther, TTL_SECONDS, true);
    }

    /// Says what is due by now.
    public void handleTimeout(long nowNanos) {
        for (Name name : names.values()) {
            if (nowNanos >= name.announceNanos) {
                name.dueOverIpv4 = true;
                name.dueOverIpv6 = true;
                name.wish(nowNanos, true);
                name.announcementsLeft--;
                name.announceNanos = name.announcementsLeft == 0 ? TimerTable.NEVER : nowNanos + PAUSE_NANOS;
                count("announced");
            }
            if (nowNanos >= name.dueNanos) {
                multicast(nowNanos, name);
            }
        }
    }

    private void multicast(long nowNanos, Name name) {
        boolean tellsAddress = name.dueIsAsked && nowNanos - name.multicastNanos >= PAUSE_NANOS;
        boolean saysNoOther = nowNanos - name.noOtherNanos >= PAUSE_NANOS;
        if (tellsAddress || saysNoOther) {
            MdnsResponse response = response(name, tellsAddress, saysNoOther);
            outbox.toAll(response, name.link, name.dueOverIpv4, name.dueOverIpv6);
        }
        name.told(nowNanos, tellsAddress, saysNoOther);
    }

    public @Nullable Outgoing poll(ByteBuffer into) {
        return outbox.poll(into);
    }

    public long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (Name name : names.values()) {
            next = Math.min(next, Math.min(name.announceNanos, name.dueNanos));
        }
        return next;
    }

    private void count(String name) {
        counters.merge(name, 1L, Long::sum);
    }

    /// What happened how often.
    public SortedMap<String, Long> counters() {
        return new TreeMap<>(counters);
    }
}
