package dev.nearhand.transport.turn;

import dev.nearhand.transport.dns.DnsRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// In which order the servers behind SRV records are tried ([RFC 2782](https://www.rfc-editor.org/rfc/rfc2782), "Usage
/// rules"): by priority, and within one of these at random, in proportion to the weights.
final class SrvOrder {
    private SrvOrder() {}

    static List<DnsRecord.Service> of(List<DnsRecord.Service> records, RandomGenerator random) {
        // "those with weight 0 are placed at the beginning of the list", so that they are drawn by a zero
        List<DnsRecord.Service> left = new ArrayList<>(records);
        left.sort(Comparator.comparingInt(DnsRecord.Service::priority).thenComparingInt(DnsRecord.Service::weight));
        List<DnsRecord.Service> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            int priority = left.getFirst().priority();
            List<DnsRecord.Service> equals = left.stream()
                    .filter(record -> record.priority() == priority)
                    .toList();
            DnsRecord.Service drawn = draw(equals, random);
            ordered.add(drawn);
            left.remove(drawn);
        }
        return ordered;
    }

    private static DnsRecord.Service draw(List<DnsRecord.Service> equals, RandomGenerator random) {
        int sum = equals.stream().mapToInt(DnsRecord.Service::weight).sum();
        int number = random.nextInt(sum + 1); // "between 0 and the sum computed (inclusive)"
        int running = 0;
        for (DnsRecord.Service record : equals) {
            running += record.weight();
            if (running >= number) {
                return record;
            }
        }
        throw new IllegalStateException("the last one reaches the sum");
    }
}
