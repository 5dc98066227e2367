package dev.nearhand.transport.turn;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsQuestion.Type;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.turn.ServerUri.Kind;
import dev.nearhand.transport.turn.ServerUri.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Finds the ways to reach the server of a URI, in the order in which they are to be tried: for TURN by [RFC 5928
/// section
/// 3](https://www.rfc-editor.org/rfc/rfc5928#section-3), for STUN by [RFC 8489 section
/// 8](https://www.rfc-editor.org/rfc/rfc8489#section-8).
///
/// Asks nobody itself: what it wants to know is polled, and answered. Where the URI names a port, it asks for addresses
/// only. Otherwise everything that may be needed is asked at once, and whatever is not told within [#PATIENCE_NANOS]
/// about services counts as not there, so that the addresses of the host with the usual port remain. Not for use from
/// several threads.
public final class ServerResolution {
    /// Further ways are not tried.
    static final int CANDIDATES_LIMIT = 16;

    /// Records of one answer that count.
    static final int RECORDS_LIMIT = 16;

    /// Further questions are not asked.
    static final int QUESTIONS_LIMIT = 32;

    /// How often in a row a NAPTR record may point to others.
    static final int DEPTH_LIMIT = 3;

    static final long PATIENCE_NANOS = 1_500_000_000L;

    /// By what application protocol tags the transports are known ([RFC 5928 section
    /// 6](https://www.rfc-editor.org/rfc/rfc5928#section-6)).
    private static final Map<String, Transport> TAGS =
            Map.of("turn.udp", Transport.UDP, "turn.tcp", Transport.TCP, "turn.tls", Transport.TLS);

    private record Visit(String name, Set<Transport> allowed, int depth) {}

    private final ServerUri uri;
    private final String host;
    private final RandomGenerator random;
    private final boolean servicesOnly;
    private final Map<DnsQuestion, List<DnsRecord>> answers = new LinkedHashMap<>();
    private final Set<DnsQuestion> asked = new LinkedHashSet<>();
    private final Deque<DnsQuestion> toAsk = new ArrayDeque<>();
    private List<ServerCandidate> candidates = List.of();
    private boolean isDone;
    private boolean isPatient = true;
    private long deadlineNanos;
    /// Where the present walk has been: records that point to each other in many ways would make it endless.
    private final Set<Visit> visited = new HashSet<>();

    /// Whether the present walk met a question without an answer.
    private boolean isIncomplete;

    /// @param random draws among servers of one priority
    public ServerResolution(long nowNanos, ServerUri uri, RandomGenerator random) {
        this(nowNanos, uri, random, false);
    }

    /// @param servicesOnly whether a host without service records is none: nobody has said that it is a server
    public ServerResolution(long nowNanos, ServerUri uri, RandomGenerator random, boolean servicesOnly) {
        this.servicesOnly = servicesOnly;
        this.uri = uri;
        this.host = uri.host().toLowerCase(Locale.ROOT);
        this.random = random;
        this.deadlineNanos = nowNanos + PATIENCE_NANOS;
        walk();
    }

    /// The next question, or null.
    public @Nullable DnsQuestion pollQuestion() {
        return toAsk.poll();
    }

    /// Takes an answer; none is known when `records` is empty. What was not asked is ignored.
    public void answered(DnsQuestion question, List<DnsRecord> records) {
        if (isDone || !asked.contains(question) || answers.containsKey(question)) {
            return;
        }
        List<DnsRecord> first = records.stream().limit(RECORDS_LIMIT).toList();
        if (question.type() == Type.SERVICE) {
            List<DnsRecord.Service> services = first.stream()
                    .filter(DnsRecord.Service.class::isInstance)
                    .map(DnsRecord.Service.class::cast)
                    .filter(service -> service.port() != 0 && DnsName.isPlain(service.target()))
                    .toList();
            // drawn once, so that walking again comes to the same end
            answers.put(question, List.copyOf(SrvOrder.of(services, random)));
        } else {
            answers.put(question, first);
        }
        walk();
    }

    /// Gives up what takes too long.
    public void handleTimeout(long nowNanos) {
        if (isPatient && nowNanos >= deadlineNanos) {
            isPatient = false;
            deadlineNanos = TimerTable.NEVER;
            walk();
        }
    }

    public long nextTimeoutNanos() {
        return isDone ? TimerTable.NEVER : deadlineNanos;
    }

    /// Whether nothing more will be known.
    public boolean isDone() {
        return isDone;
    }

    /// The ways to the server, the first to be tried first; empty before the end, or when there is none.
    public List<ServerCandidate> candidates() {
        return candidates;
    }

    // --- the algorithm: walked again after every answer, as far as the answers go

    private void walk() {
        if (isDone) {
            return;
        }
        isIncomplete = false;
        visited.clear();
        Set<ServerCandidate> found = resolve();
        if (!isIncomplete) {
            isDone = true;
            toAsk.clear();
            candidates = List.copyOf(found);
        }
    }

    /// At most as many as count, however many ways the records lead to them.
    private Set<ServerCandidate> resolve() {
        Set<ServerCandidate> found = new LinkedHashSet<>();
        Optional<InetAddress> literal = literal(host);
        if (literal.isPresent()) {
            add(found, new ServerCandidate(new InetSocketAddress(literal.get(), uri.port()), uri.transport()));
            return found;
        }
        if (uri.namesPort()) {
            addAddresses(found, host, uri.port(), uri.transport());
            return found;
        }
        List<Transport> transports = uri.namesTransport() ? List.of(uri.transport()) : List.of(Transport.values());
        askAhead(transports);
        if (!uri.namesTransport()) {
            addByNaptr(found, host, EnumSet.allOf(Transport.class), 0);
            if (isIncomplete || !found.isEmpty()) {
                return found;
            }
        }
        for (Transport transport : transports) {
            addByServices(found, serviceName(transport), transport);
        }
        if (isIncomplete || !found.isEmpty() || servicesOnly) {
            return found;
        }
        for (Transport transport : transports) {
            if (transport != Transport.TLS || uri.namesTransport()) {
                addAddresses(found, host, usualPort(transport), transport);
            }
        }
        return found;
    }

    private static void add(Set<ServerCandidate> found, ServerCandidate candidate) {
        if (found.size() < CANDIDATES_LIMIT && !Alternates.isUnusable(candidate.address())) {
            found.add(candidate);
        }
    }

    /// All that the walk may come to, in one round trip.
    private void askAhead(List<Transport> transports) {
        if (!uri.namesTransport()) {
            ask(new DnsQuestion(host, Type.NAPTR));
        }
        transports.forEach(transport -> ask(new DnsQuestion(serviceName(transport), Type.SERVICE)));
        if (!servicesOnly) {
            ask(new DnsQuestion(host, Type.ADDRESS));
        }
    }

    /// By S-NAPTR ([RFC 3958 section 2.2](https://www.rfc-editor.org/rfc/rfc3958#section-2.2)): `RELAY` and one of its
    /// protocols, no regular expression.
    private void addByNaptr(Set<ServerCandidate> found, String name, Set<Transport> allowed, int depth) {
        if (!visited.add(new Visit(name, Set.copyOf(allowed), depth))) {
            return; // whatever leads here once more comes to the same
        }
        List<DnsRecord.Naptr> records = answer(new DnsQuestion(name, Type.NAPTR)).stream()
                .filter(DnsRecord.Naptr.class::isInstance)
                .map(DnsRecord.Naptr.class::cast)
                .filter(record -> record.regexp().isEmpty() && DnsName.isPlain(record.replacement()))
                .sorted(Comparator.comparingInt(DnsRecord.Naptr::order).thenComparingInt(DnsRecord.Naptr::preference))
                .toList();
        for (DnsRecord.Naptr record : records) {
            Set<Transport> transports = transports(record.services());
            transports.retainAll(allowed);
            if (transports.isEmpty()) {
                continue;
            }
            if (record.flags().isEmpty() && depth < DEPTH_LIMIT) {
                addByNaptr(found, record.replacement(), transports, depth + 1);
                continue;
            }
            for (Transport transport : transports) {
                if (record.flags().equals("s")) {
                    addByServices(found, record.replacement(), transport);
                } else if (record.flags().equals("a")) {
                    addAddresses(found, record.replacement(), usualPort(transport), transport);
                }
            }
        }
    }

    private static Set<Transport> transports(String services) {
        Set<Transport> transports = EnumSet.noneOf(Transport.class);
        String[] tags = services.split(":", -1);
        if (tags[0].equals("relay")) {
            for (String tag : tags) {
                Transport transport = TAGS.get(tag);
                if (transport != null) {
                    transports.add(transport);
                }
            }
        }
        return transports;
    }

    private void addByServices(Set<ServerCandidate> found, String name, Transport transport) {
        for (DnsRecord record : answer(new DnsQuestion(name, Type.SERVICE))) {
            if (record instanceof DnsRecord.Service service) {
                addAddresses(found, service.target(), service.port(), transport);
            }
        }
    }

    private void addAddresses(Set<ServerCandidate> found, String name, int port, Transport transport) {
        for (DnsRecord record : answer(new DnsQuestion(name, Type.ADDRESS))) {
            if (record instanceof DnsRecord.Address address) {
                add(found, new ServerCandidate(new InetSocketAddress(address.address(), port), transport));
            }
        }
    }

    /// What was answered; nothing when it never will be, or is not known yet.
    private List<DnsRecord> answer(DnsQuestion question) {
        List<DnsRecord> known = answers.get(question);
        if (known != null) {
            return known;
        }
        boolean isTooLate = !isPatient && question.type() != Type.ADDRESS;
        if (!isTooLate && ask(question)) {
            isIncomplete = true;
        }
        return List.of();
    }

    /// Whether it has been asked.
    private boolean ask(DnsQuestion question) {
        if (asked.contains(question)) {
            return true;
        }
        if (asked.size() == QUESTIONS_LIMIT) {
            return false;
        }
        asked.add(question);
        toAsk.add(question);
        return true;
    }

    private String serviceName(Transport transport) {
        String service = uri.kind() == Kind.STUN
                ? "_stun._udp."
                : switch (transport) {
                    case UDP -> "_turn._udp.";
                    case TCP -> "_turn._tcp.";
                    case TLS -> "_turns._tcp.";
                };
        return service + host;
    }

    private static int usualPort(Transport transport) {
        return transport == Transport.TLS ? ServerUri.DEFAULT_TLS_PORT : ServerUri.DEFAULT_PORT;
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
