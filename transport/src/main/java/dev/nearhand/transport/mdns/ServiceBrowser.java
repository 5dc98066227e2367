package dev.nearhand.transport.mdns;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import dev.nearhand.transport.wire.ByteWriter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks for services of some types on the local link, once ([RFC 6763 section
/// 4](https://www.rfc-editor.org/rfc/rfc6763#section-4)): asks who is there, and then, of whom that was not told
/// in the same breath, where. Ends after [#DURATION_NANOS].
///
/// Opens no socket. Single-threaded. What cannot be read, and what does not belong to these types, is passed
/// over.
public final class ServiceBrowser {
    /// Larger than any question.
    public static final int MAX_QUESTION_BYTES = 1_200;

    /// How long it looks; answers take 120 ms at most, unless they are lost.
    public static final long DURATION_NANOS = 1_500_000_000L;

    /// Further services are not looked at.
    static final int SERVICES_LIMIT = 8;

    /// Further ones of a host are not.
    static final int ADDRESSES_LIMIT = 4;

    /// "The interval between the first two queries MUST be at least one second" (RFC 6762 section 5.2); what is
    /// asked in between are the questions that follow from an answer.
    private static final long[] ASK_AT_NANOS = {0, 1_000_000_000L};

    /// Where a service is.
    ///
    /// @param type one of those that were looked for
    public record Found(String type, InetSocketAddress address) {
        /// Says no address.
        @Override
        public String toString() {
            return "Found[" + type + " :" + address.getPort() + "]";
        }
    }

    private final List<String> types;
    private final long startNanos;
    /// By the name of the service; null where it is not known yet.
    private final Map<String, DnsRecord.@Nullable Service> services = new LinkedHashMap<>();

    private final Map<String, Set<InetAddress>> hosts = new LinkedHashMap<>();
    private final Set<String> followed = new LinkedHashSet<>();
    private final Set<Found> told = new LinkedHashSet<>();
    private final Deque<Found> found = new ArrayDeque<>();
    private final Deque<List<Question>> toAsk = new ArrayDeque<>();
    private int asked;
    private boolean isOver;

    private record Question(String name, int type) {}

    /// @param types such as `_turn._udp.local`
    /// @throws IllegalArgumentException when one is no type of the local link
    public ServiceBrowser(long nowNanos, List<String> types) {
        if (!types.stream().allMatch(MdnsService::isType)) {
            throw new IllegalArgumentException("not a type of services of the local link");
        }
        this.types = List.copyOf(types);
        this.startNanos = nowNanos;
        handleTimeout(nowNanos);
    }

    /// Takes what somebody on the link says.
    public void handleDatagram(ByteBuffer borrowed) {
        if (isOver) {
            return;
        }
        List<MdnsRecord> records = MdnsMessage.records(borrowed);
        for (MdnsRecord heard : records) {
            if (heard.ttlSeconds() > 0 && heard.record() instanceof DnsRecord.Pointer(String type, String name)) {
                boolean isWanted = types.contains(type) && name.endsWith("." + type);
                if (isWanted && services.size() < SERVICES_LIMIT) {
                    services.putIfAbsent(name, null);
                }
            }
        }
        for (MdnsRecord heard : records) {
            if (heard.ttlSeconds() > 0
                    && heard.record() instanceof DnsRecord.Service service
                    && services.containsKey(service.name())
                    && service.port() != 0
                    && MdnsMessage.isAskable(service.target())) {
                services.put(service.name(), service);
                hosts.computeIfAbsent(service.target(), _ -> new LinkedHashSet<>());
            }
        }
        for (MdnsRecord heard : records) {
            if (heard.ttlSeconds() > 0
                    && heard.record() instanceof DnsRecord.Address(String host, InetAddress address)) {
                Set<InetAddress> addresses = hosts.get(host);
                if (addresses != null && addresses.size() < ADDRESSES_LIMIT && isUsable(address)) {
                    addresses.add(address);
                }
            }
        }
        tell();
        follow();
    }

    /// A link-local IPv6 address means nothing without its interface.
    private static boolean isUsable(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !(address instanceof Inet6Address six && six.isLinkLocalAddress());
    }

    private void tell() {
        services.forEach((name, service) -> {
            if (service != null) {
                String type = types.stream()
                        .filter(each -> name.endsWith("." + each))
                        .findFirst()
                        .orElseThrow();
                for (InetAddress address : hosts.getOrDefault(service.target(), Set.of())) {
                    Found here = new Found(type, new InetSocketAddress(address, service.port()));
                    if (told.size() < SERVICES_LIMIT * ADDRESSES_LIMIT && told.add(here)) {
                        found.add(here);
                    }
                }
            }
        });
    }

    /// Asks for what an answer has left out, once of each name.
    private void follow() {
        List<Question> questions = new ArrayList<>();
        services.forEach((name, service) -> {
            if (service == null && DnsName.isWritable(name) && followed.add(name)) {
                questions.add(new Question(name, DnsRecord.TYPE_SRV));
            }
        });
        hosts.forEach((host, addresses) -> {
            if (addresses.isEmpty() && followed.size() < 2 * SERVICES_LIMIT && followed.add(host)) {
                questions.add(new Question(host, DnsRecord.TYPE_A));
                questions.add(new Question(host, DnsRecord.TYPE_AAAA));
            }
        });
        // few enough for one message each time
        for (int i = 0; i < questions.size(); i += 4) {
            toAsk.add(List.copyOf(questions.subList(i, Math.min(i + 4, questions.size()))));
        }
    }

    /// Writes the next question; false when there is none now.
    public boolean pollQuestion(ByteBuffer into) {
        List<Question> questions = toAsk.poll();
        if (questions == null) {
            return false;
        }
        ByteWriter writer = new ByteWriter(into);
        writer.u16(0).u16(0).u16(questions.size()).u16(0).u16(0).u16(0);
        for (Question question : questions) {
            DnsName.write(writer, question.name);
            writer.u16(question.type).u16(MdnsMessage.CLASS_IN);
        }
        return true;
    }

    /// The next service that was found, or null.
    public @Nullable Found pollFound() {
        return found.poll();
    }

    public void handleTimeout(long nowNanos) {
        if (asked < ASK_AT_NANOS.length && nowNanos - startNanos >= ASK_AT_NANOS[asked]) {
            asked++;
            toAsk.add(types.stream()
                    .map(type -> new Question(type, DnsRecord.TYPE_PTR))
                    .toList());
        }
        if (nowNanos - startNanos >= DURATION_NANOS) {
            isOver = true;
            toAsk.clear();
        }
    }

    public long nextTimeoutNanos() {
        if (isOver) {
            return TimerTable.NEVER;
        }
        return startNanos + (asked < ASK_AT_NANOS.length ? ASK_AT_NANOS[asked] : DURATION_NANOS);
    }

    /// Whether it looks no more.
    public boolean isOver() {
        return isOver;
    }
}
