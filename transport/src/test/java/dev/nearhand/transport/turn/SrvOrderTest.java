package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nearhand.transport.dns.DnsRecord.Service;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SrvOrderTest {
    private static Service server(int priority, int weight, String target) {
        return new Service("_turn._udp.example.org", priority, weight, 3478, target);
    }

    private static List<String> order(List<Service> records, int seed) {
        return SrvOrder.of(records, new SplittableRandom(seed)).stream()
                .map(Service::target)
                .toList();
    }

    @Test
    void lowerPrioritiesComeFirstWhateverTheirWeight() {
        List<Service> records = List.of(server(20, 65_535, "c"), server(10, 0, "a"), server(15, 1, "b"));
        assertThat(IntStream.range(0, 100).mapToObj(seed -> order(records, seed)))
                .containsOnly(List.of("a", "b", "c"));
    }

    @Test
    void withinOnePriorityTheFirstIsDrawnInProportionToTheWeights() {
        List<Service> records = List.of(server(1, 10, "little"), server(1, 30, "much"), server(1, 60, "most"));
        List<String> first = IntStream.range(0, 20_000)
                .mapToObj(seed -> order(records, seed).getFirst())
                .toList();
        assertThat(share(first, "little")).isCloseTo(0.1, within(0.02));
        assertThat(share(first, "much")).isCloseTo(0.3, within(0.02));
        assertThat(share(first, "most")).isCloseTo(0.6, within(0.02));
    }

    @Test
    void aWeightOfZeroHasASmallChanceAndIsNotLost() {
        List<Service> records = List.of(server(1, 99, "heavy"), server(1, 0, "light"));
        List<List<String>> orders = IntStream.range(0, 20_000)
                .mapToObj(seed -> order(records, seed))
                .toList();
        assertThat(orders).allSatisfy(order -> assertThat(order).containsExactlyInAnyOrder("heavy", "light"));
        assertThat(share(orders.stream().map(List::getFirst).toList(), "light")).isCloseTo(0.01, within(0.005));
    }

    private static double share(List<String> drawn, String which) {
        return (double) drawn.stream().filter(which::equals).count() / drawn.size();
    }
}
