package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Answers who browses the local links for services of this program (RFC 6763 over RFC 6762), and nobody else.
///
/// The names of the instances have to be unique by themselves, at random say: they are not probed for, and
/// nobody's claim to them is heard. The addresses of their hosts are [MdnsResponder]'s. A service is told on one
/// link only, and nothing is multicast twice within a second.
///
/// Opens no socket, knows links by numbers only. Single-threaded.
public final class ServiceResponder {
    /// Larger than any response.
    public static final int MAX_RESPONSE_BYTES = 2_000;

    /// Further services are not answered for.
    public static final int SERVICES_LIMIT = 32;

    /// Messages that wait to be sent; further ones are dropped.
    static final int QUEUE_LIMIT = 256;

    /// Others may answer the same question: "a random amount of time … in the range 20-120 ms" (RFC 6762 section
    /// 6).
    static final long LEAST_DELAY_NANOS = 20_000_000L;

    static final long DELAY_SPAN_NANOS = 100_000_000L;

    private static final int ECHO_LIMIT = 2;
    private static final long LONG_AGO = Long.MIN_VALUE / 2;
    private static final long RECENT_NANOS = MdnsResponder.TTL_SECONDS * 1_000_000_000L / 4;

    private static final class Entry {
        final MdnsService service;
        final int link;
        int announcementsLeft = MdnsResponder.ANNOUNCEMENTS;
        long announceNanos;
        long multicastNanos = LONG_AGO;
        long dueNanos = TimerTable.NEVER;
        boolean dueNamesType;
        boolean dueOverIpv4;
        boolean dueOverIpv6;

        Entry(MdnsService service, int link, long announceNanos) {
            this.service = service;
            this.link = link;
            this.announceNanos = announceNanos;
        }

        void wish(long nowNanos, long delayNanos) {
            dueNanos = Math.min(dueNanos, Math.max(nowNanos + delayNanos, multicastNanos + MdnsResponder.PAUSE_NANOS));
        }

        boolean isAskedForBy(MdnsQuery.Question question) {
            boolean isAny = question.type() == MdnsQuery.ANY;
            String name = question.hostName();
            return (isAny || question.type() == DnsRecord.TYPE_PTR)
                            && (name.equals(service.type()) || name.equals(ServiceResponse.TYPES))
                    || (isAny || question.type() == DnsRecord.TYPE_SRV || question.type() == DnsRecord.TYPE_TXT)
                            && name.equals(service.name());
        }

        /// Section 7.1: "if the answer … is already included in the Answer Section with an RR TTL at least half the
        /// correct value".
        boolean isKnownBy(MdnsQuery query) {
            DnsRecord pointer = new DnsRecord.Pointer(service.type(), service.name());
            return query.known().stream()
                    .anyMatch(known -> known.record().equals(pointer)
                            && known.ttlSeconds() >= ServiceResponse.LONG_TTL_SECONDS / 2);
        }
    }

    private final RandomGenerator random;
    private final List<Entry> entries = new ArrayList<>();
    private final SortedMap<String, Long> counters = new TreeMap<>();
    private final Outbox outbox = new Outbox(QUEUE_LIMIT, this::count);

    /// @param random for the delays of answers
    public ServiceResponder(RandomGenerator random) {
        this.random = random;
    }

    /// Answers for a service from now on, and announces it.
    public void publish(long nowNanos, MdnsService service, int link) {
        boolean isTaken = entries.stream().anyMatch(entry -> entry.service.equals(service));
        if (isTaken || entries.size() == SERVICES_LIMIT) {
            count("refused.services");
            return;
        }
        entries.add(new Entry(service, link, nowNanos));
    }

    /// Answers for it no more, and says so.
    public void withdraw(MdnsService service) {
        for (Entry entry : List.copyOf(entries)) {
            if (entry.service.equals(service)) {
                entries.remove(entry);
                ServiceResponse goodbye = new ServiceResponse(0, List.of(), service, false, 0, true);
                outbox.toAll(goodbye, entry.link, true, true);
            }
        }
    }

    public boolean isIdle() {
        return entries.isEmpty() && outbox.isEmpty();
    }

    /// Takes what has come to the port of mDNS.
    ///
    /// @param links those that the sender is on
    public void handleDatagram(
            long nowNanos, ByteBuffer borrowed, InetSocketAddress from, boolean overIpv6, Set<Integer> links) {
        if (entries.isEmpty() || from.getPort() == 0 || MdnsQuery.isResponse(borrowed)) {
            return;
        }
        MdnsQuery query = MdnsQuery.parse(borrowed);
        if (query == null) {
            return;
        }
        for (Entry entry : entries) {
            List<MdnsQuery.Question> questions =
                    query.questions().stream().filter(entry::isAskedForBy).toList();
            if (!questions.isEmpty() && links.contains(entry.link)) {
                answer(nowNanos, query, entry, questions, from, overIpv6);
            }
        }
    }

    private void answer(
            long nowNanos,
            MdnsQuery query,
            Entry entry,
            List<MdnsQuery.Question> questions,
            InetSocketAddress from,
            boolean overIpv6) {
        boolean namesType =
                questions.stream().anyMatch(question -> question.hostName().equals(ServiceResponse.TYPES));
        boolean wantsPointer = questions.stream()
                .anyMatch(question -> question.type() != DnsRecord.TYPE_SRV && question.type() != DnsRecord.TYPE_TXT);
        if (from.getPort() != MdnsResponder.PORT) {
            List<MdnsQuery.Question> echoed =
                    questions.stream().distinct().limit(ECHO_LIMIT).toList();
            int seconds = MdnsResponder.LEGACY_TTL_SECONDS;
            ServiceResponse response =
                    new ServiceResponse(query.id(), echoed, entry.service, namesType, seconds, false);
            outbox.toOne(nowNanos, response, entry.link, overIpv6, from);
        } else if (wantsPointer && !namesType && entry.isKnownBy(query)) {
            count("suppressed.known");
        } else if (questions.stream().allMatch(MdnsQuery.Question::wantsUnicast)
                && nowNanos - entry.multicastNanos < RECENT_NANOS) {
            outbox.toOne(nowNanos, toAll(entry, namesType), entry.link, overIpv6, from);
        } else {
            entry.dueNamesType |= namesType;
            entry.dueOverIpv4 |= !overIpv6;
            entry.dueOverIpv6 |= overIpv6;
            entry.wish(nowNanos, wantsPointer ? LEAST_DELAY_NANOS + random.nextLong(DELAY_SPAN_NANOS) : 0);
            count("answered.toAll");
        }
    }

    private static ServiceResponse toAll(Entry entry, boolean namesType) {
        return new ServiceResponse(0, List.of(), entry.service, namesType, ServiceResponse.LONG_TTL_SECONDS, true);
    }

    /// Says what is due by now.
    public void handleTimeout(long nowNanos) {
        for (Entry entry : entries) {
            if (nowNanos >= entry.announceNanos) {
                entry.dueOverIpv4 = true;
                entry.dueOverIpv6 = true;
                entry.wish(nowNanos, 0);
                entry.announcementsLeft--;
                entry.announceNanos =
                        entry.announcementsLeft == 0 ? TimerTable.NEVER : nowNanos + MdnsResponder.PAUSE_NANOS;
                count("announced");
            }
            if (nowNanos >= entry.dueNanos) {
                multicast(nowNanos, entry);
            }
        }
    }

    private void multicast(long nowNanos, Entry entry) {
        ServiceResponse response = toAll(entry, entry.dueNamesType);
        outbox.toAll(response, entry.link, entry.dueOverIpv4, entry.dueOverIpv6);
        entry.multicastNanos = nowNanos;
        entry.dueNanos = TimerTable.NEVER;
        entry.dueNamesType = false;
        entry.dueOverIpv4 = false;
        entry.dueOverIpv6 = false;
    }

    /// Writes the next message; null when there is none.
    public MdnsResponder.@Nullable Outgoing poll(ByteBuffer into) {
        return outbox.poll(into);
    }

    public long nextTimeoutNanos() {
        long next = TimerTable.NEVER;
        for (Entry entry : entries) {
            next = Math.min(next, Math.min(entry.announceNanos, entry.dueNanos));
        }
        return next;
    }

    private void count(String name) {
        counters.merge("services." + name, 1L, Long::sum);
    }

    /// What happened how often.
    public SortedMap<String, Long> counters() {
        return new TreeMap<>(counters);
    }
}
