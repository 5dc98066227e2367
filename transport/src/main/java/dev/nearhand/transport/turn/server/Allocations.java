package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.time.TimerTable;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All allocations, found by client, by relayed address and by when they end; [Quotas] limit how many there are.
final class Allocations {
    private final Quotas quotas;
    private final Map<Client, Allocation> byClient = new HashMap<>();
    private final Map<InetSocketAddress, Allocation> byRelay = new HashMap<>();
    private final Map<String, Integer> perAccount = new HashMap<>();
    private final Map<Source, Integer> perSource = new HashMap<>();
    private final TreeSet<Allocation> byEnd = new TreeSet<>(Comparator.comparingLong(Allocation::endsNanos)
            .thenComparing(each -> each.relay.getAddress(), Allocations::compareFamilies)
            .thenComparing(each -> each.relay.getPort()));

    Allocations(Quotas quotas) {
        this.quotas = quotas;
    }

    /// There is one relay address for each family.
    private static int compareFamilies(java.net.InetAddress one, java.net.InetAddress other) {
        return Boolean.compare(Families.isIpv6(one), Families.isIpv6(other));
    }

    int size() {
        return byClient.size();
    }

    @Nullable
    Allocation of(Client client) {
        return byClient.get(client);
    }

    @Nullable
    Allocation at(InetSocketAddress relay) {
        return byRelay.get(relay);
    }

    /// Whether there is room for one more at all.
    boolean hasRoom() {
        return byClient.size() < quotas.allocations();
    }

    boolean hasRoomFor(Client client, String account) {
        Source source = Source.of(client.address().getAddress());
        return perAccount.getOrDefault(account, 0) < quotas.allocationsPerUser()
                && perSource.getOrDefault(source, 0) < quotas.allocationsPerAddress();
    }

    void add(Allocation allocation, long endsNanos) {
        allocation.setEnds(endsNanos);
        byClient.put(allocation.client, allocation);
        byRelay.put(allocation.relay, allocation);
        byEnd.add(allocation);
        perAccount.merge(allocation.login.account(), 1, Integer::sum);
        perSource.merge(sourceOf(allocation), 1, Integer::sum);
        assert isConsistent();
    }

    void prolong(Allocation allocation, long endsNanos) {
        byEnd.remove(allocation);
        allocation.setEnds(endsNanos);
        byEnd.add(allocation);
    }

    void remove(Allocation allocation) {
        byClient.remove(allocation.client);
        byRelay.remove(allocation.relay);
        byEnd.remove(allocation);
        perAccount.computeIfPresent(allocation.login.account(), (_, count) -> count == 1 ? null : count - 1);
        perSource.computeIfPresent(sourceOf(allocation), (_, count) -> count == 1 ? null : count - 1);
        assert isConsistent();
    }

    private static Source sourceOf(Allocation allocation) {
        return Source.of(allocation.client.address().getAddress());
    }

    /// The one that ended first, or null when none has.
    @Nullable
    Allocation firstOver(long nowNanos) {
        return !byEnd.isEmpty() && byEnd.first().endsNanos() <= nowNanos ? byEnd.first() : null;
    }

    long nextTimeoutNanos() {
        return byEnd.isEmpty() ? TimerTable.NEVER : byEnd.first().endsNanos();
    }

    private boolean isConsistent() {
        return byClient.size() == byRelay.size()
                && byClient.size() == byEnd.size()
                && byClient.size() <= quotas.allocations();
    }
}
