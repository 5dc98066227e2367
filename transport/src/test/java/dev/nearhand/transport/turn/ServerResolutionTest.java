package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsQuestion.Type;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.time.TimerTable;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The zones here are those of RFC 5928 section 4 and their kin; nothing but this test knows them.
class ServerResolutionTest {
    private final Map<DnsQuestion, List<DnsRecord>> zone = new HashMap<>();
    private final List<DnsQuestion> asked = new ArrayList<>();

    private void address(String name, String... addresses) {
        for (String address : addresses) {
            record(new DnsRecord.Address(name, InetAddress.ofLiteral(address)), Type.ADDRESS);
        }
    }

    private void srv(String name, int priority, int port, String target) {
        record(new DnsRecord.Service(name, priority, 0, port, target), Type.SERVICE);
    }

    private void naptr(String name, int order, String flags, String services, String replacement) {
        record(new DnsRecord.Naptr(name, order, 10, flags, services, "", replacement), Type.NAPTR);
    }

    private void record(DnsRecord record, Type type) {
        zone.computeIfAbsent(new DnsQuestion(record.name(), type), _ -> new ArrayList<>())
                .add(record);
    }

    private List<String> resolve(String uri) {
        ServerResolution resolution = new ServerResolution(0, ServerUri.parse(uri), new SplittableRandom(1));
        answerAll(resolution);
        assertThat(resolution.isDone()).isTrue();
        assertThat(resolution.nextTimeoutNanos()).isEqualTo(TimerTable.NEVER);
        return shown(resolution);
    }

    private void answerAll(ServerResolution resolution) {
        for (DnsQuestion next = resolution.pollQuestion(); next != null; next = resolution.pollQuestion()) {
            asked.add(next);
            resolution.answered(next, zone.getOrDefault(next, List.of()));
        }
    }

    private static List<String> shown(ServerResolution resolution) {
        return resolution.candidates().stream()
                .map(way -> way.transport() + " " + way.address().getAddress().getHostAddress() + ":"
                        + way.address().getPort())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "turn:192.0.2.1, UDP 192.0.2.1:3478",
        "turn:192.0.2.1:99?transport=tcp, TCP 192.0.2.1:99",
        "turns:192.0.2.1, TLS 192.0.2.1:5349",
        "stun:[2001:db8::1], UDP 2001:db8:0:0:0:0:0:1:3478"
    })
    void anAddressIsTakenAsItIsAndNobodyIsAsked(String uri, String way) {
        assertThat(resolve(uri)).containsExactly(way);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"turn:example.org:99", "turn:Example.org:99?transport=udp", "stun:example.org:99"})
    void withAPortOnlyAddressesAreAskedFor(String uri) {
        address("example.org", "192.0.2.1", "2001:db8::1");
        srv("_turn._udp.example.org", 1, 5000, "other.example.org");
        assertThat(resolve(uri)).containsExactly("UDP 192.0.2.1:99", "UDP 2001:db8:0:0:0:0:0:1:99");
        assertThat(asked).containsExactly(new DnsQuestion("example.org", Type.ADDRESS));
    }

    @ParameterizedTest
    @CsvSource({
        "turn:example.org?transport=udp, _turn._udp, UDP",
        "turn:example.org?transport=tcp, _turn._tcp, TCP",
        "turns:example.org, _turns._tcp, TLS",
        "turns:example.org?transport=tcp, _turns._tcp, TLS",
        "stun:example.org, _stun._udp, UDP"
    })
    void withATransportAloneItsServiceIsAskedFor(String uri, String service, String transport) {
        srv(service + ".example.org", 2, 5001, "second.example.org");
        srv(service + ".example.org", 1, 5000, "first.example.org");
        address("first.example.org", "192.0.2.1");
        address("second.example.org", "192.0.2.2");
        assertThat(resolve(uri)).containsExactly(transport + " 192.0.2.1:5000", transport + " 192.0.2.2:5001");
        assertThat(asked).noneMatch(question -> question.type() == Type.NAPTR);
    }

    @Test
    void theFirstExampleOfTheRfc() {
        naptr("example.net", 200, "", "relay:turn.tcp:turn.tls", "stream.example.net");
        naptr("example.net", 100, "", "relay:turn.udp", "datagram.example.net");
        naptr("datagram.example.net", 100, "s", "relay:turn.udp", "_turn._udp.example.net");
        naptr("stream.example.net", 100, "s", "relay:turn.tcp", "_turn._tcp.example.net");
        naptr("stream.example.net", 200, "a", "relay:turn.tls", "a.example.net");
        srv("_turn._udp.example.net", 0, 3478, "a.example.net");
        srv("_turn._tcp.example.net", 0, 5000, "a.example.net");
        address("a.example.net", "192.0.2.1");
        assertThat(resolve("turn:example.net"))
                .containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.1:5000", "TLS 192.0.2.1:5349");
    }

    @Test
    void withoutNaptrTheServicesOfAllTransportsAreTakenInTurn() {
        srv("_turns._tcp.example.org", 0, 443, "a.example.org");
        srv("_turn._udp.example.org", 0, 5000, "a.example.org");
        address("a.example.org", "192.0.2.1");
        address("example.org", "192.0.2.9");
        assertThat(resolve("turn:example.org")).containsExactly("UDP 192.0.2.1:5000", "TLS 192.0.2.1:443");
    }

    @Test
    void withoutAnyServiceTheHostIsTriedAtTheUsualPorts() {
        address("example.org", "192.0.2.1");
        assertThat(resolve("turn:example.org")).containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.1:3478");
        assertThat(resolve("turns:example.org")).containsExactly("TLS 192.0.2.1:5349");
        assertThat(resolve("stun:example.org")).containsExactly("UDP 192.0.2.1:3478");
    }

    @Test
    void everythingThatMayBeNeededIsAskedAtOnce() {
        ServerResolution resolution =
                new ServerResolution(0, ServerUri.parse("turn:example.org"), new SplittableRandom(1));
        List<DnsQuestion> first = new ArrayList<>();
        for (DnsQuestion next = resolution.pollQuestion(); next != null; next = resolution.pollQuestion()) {
            first.add(next);
        }
        assertThat(first)
                .containsExactlyInAnyOrder(
                        new DnsQuestion("example.org", Type.NAPTR),
                        new DnsQuestion("_turn._udp.example.org", Type.SERVICE),
                        new DnsQuestion("_turn._tcp.example.org", Type.SERVICE),
                        new DnsQuestion("_turns._tcp.example.org", Type.SERVICE),
                        new DnsQuestion("example.org", Type.ADDRESS));
    }

    @Test
    void servicesThatAreNotToldAboutInTimeAreNotThere() {
        ServerResolution resolution =
                new ServerResolution(7, ServerUri.parse("turn:example.org"), new SplittableRandom(1));
        resolution.answered(
                new DnsQuestion("example.org", Type.ADDRESS),
                List.of(new DnsRecord.Address("example.org", InetAddress.ofLiteral("192.0.2.1"))));
        assertThat(resolution.isDone()).isFalse();
        assertThat(resolution.nextTimeoutNanos()).isEqualTo(7 + ServerResolution.PATIENCE_NANOS);
        resolution.handleTimeout(6 + ServerResolution.PATIENCE_NANOS);
        assertThat(resolution.isDone()).isFalse();
        resolution.handleTimeout(7 + ServerResolution.PATIENCE_NANOS);
        assertThat(shown(resolution)).containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.1:3478");
    }

    @Test
    void whatWasNotAskedIsNotListenedTo() {
        ServerResolution resolution =
                new ServerResolution(0, ServerUri.parse("turn:example.org:99"), new SplittableRandom(1));
        resolution.answered(
                new DnsQuestion("_turn._udp.example.org", Type.SERVICE),
                List.of(new DnsRecord.Service("_turn._udp.example.org", 0, 0, 1, "evil.example.com")));
        assertThat(resolution.isDone()).isFalse();
        answerAll(resolution);
        assertThat(resolution.candidates()).isEmpty();
    }

    // --- hostile answers

    @Test
    void naptrRecordsInARingEnd() {
        naptr("example.org", 1, "", "relay:turn.udp", "a.example.org");
        naptr("a.example.org", 1, "", "relay:turn.udp", "b.example.org");
        naptr("b.example.org", 1, "", "relay:turn.udp", "example.org");
        address("example.org", "192.0.2.1");
        assertThat(resolve("turn:example.org")).containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.1:3478");
    }

    @Test
    void aTreeOfNaptrRecordsIsCutShort() {
        grow("example.org", 0);
        address("example.org", "192.0.2.1");
        resolve("turn:example.org");
        assertThat(asked).hasSize(ServerResolution.QUESTIONS_LIMIT);
    }

    private void grow(String name, int depth) {
        for (int i = 0; i < 20 && depth < 4; i++) {
            String below = "n" + i + "." + name;
            naptr(name, i, "", "relay:turn.udp", below);
            if (i < 4) {
                grow(below, depth + 1);
            }
        }
    }

    @Test
    void manyServersAreNotAllTried() {
        for (int i = 0; i < 100; i++) {
            srv("_turn._udp.example.org", i, 1000 + i, "a.example.org");
        }
        address("a.example.org", "192.0.2.1", "192.0.2.2", "192.0.2.3");
        assertThat(resolve("turn:example.org?transport=udp")).hasSize(ServerResolution.CANDIDATES_LIMIT);
    }

    @Test
    void recordsThatMakeNoSenseAreLeftOut() {
        naptr("example.org", 1, "u", "relay:turn.udp", "x.example.org");
        naptr("example.org", 2, "s", "sip:turn.udp", "x.example.org");
        naptr("example.org", 3, "s", "relay:turn.sctp", "x.example.org");
        naptr("example.org", 4, "s", "relay:turn.udp", "");
        record(new DnsRecord.Naptr("example.org", 5, 5, "s", "relay:turn.udp", "!.*!x!", "x.example.org"), Type.NAPTR);
        srv("_turn._udp.example.org", 0, 3478, "");
        srv("_turn._udp.example.org", 0, 0, "x.example.org");
        srv("_turn._udp.example.org", 0, 3478, "x y.example.org");
        srv("_turn._udp.example.org", 1, 5000, "good.example.org");
        address("good.example.org", "0.0.0.0", "224.0.0.1", "192.0.2.1", "192.0.2.1");
        assertThat(resolve("turn:example.org")).containsExactly("UDP 192.0.2.1:5000");
        assertThat(asked).doesNotContain(new DnsQuestion("x.example.org", Type.SERVICE));
    }

    @Test
    void anyAnswersInAnyOrderComeToAnEnd() {
        List<String> names = List.of("example.org", "a.example.org", "_turn._udp.example.org", "b.example.org");
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ServerResolution resolution = new ServerResolution(0, ServerUri.parse("turn:example.org"), random);
            List<DnsQuestion> open = new ArrayList<>();
            int steps = 0;
            while (!resolution.isDone()) {
                assertThat(steps++).isLessThan(1_000);
                for (DnsQuestion next = resolution.pollQuestion(); next != null; next = resolution.pollQuestion()) {
                    open.add(next);
                }
                DnsQuestion question = open.remove(random.nextInt(open.size()));
                resolution.answered(
                        question,
                        IntStream.range(0, random.nextInt(4))
                                .mapToObj(_ -> anyRecord(random, question, names))
                                .toList());
                if (random.nextInt(30) == 0) {
                    resolution.handleTimeout(ServerResolution.PATIENCE_NANOS);
                }
            }
            assertThat(Set.copyOf(resolution.candidates())).hasSameSizeAs(resolution.candidates());
        }
    }

    /// Sixteen ways at each of four steps, to sixteen servers with sixteen addresses: 50 million ways to three servers.
    @Test
    void recordsThatLeadToTheSameInManyWaysAreFollowedOnce() {
        List<String> names = List.of("example.org", "b.example.org", "c.example.org", "d.example.org");
        for (int depth = 0; depth < names.size(); depth++) {
            boolean isLast = depth == names.size() - 1;
            for (int i = 0; i < ServerResolution.RECORDS_LIMIT; i++) {
                String next = isLast ? "srv.example.org" : names.get(depth + 1);
                naptr(names.get(depth), i, isLast ? "s" : "", "relay:turn.udp:turn.tcp:turn.tls", next);
                srv("srv.example.org", i, 9, "host.example.org");
                address("host.example.org", "192.0.2." + i);
            }
        }
        assertThat(resolve("turn:example.org")).hasSize(ServerResolution.CANDIDATES_LIMIT);
    }

    private static DnsRecord anyRecord(SplittableRandom random, DnsQuestion question, List<String> names) {
        String other = names.get(random.nextInt(names.size()));
        return switch (random.nextInt(3)) {
            case 0 -> new DnsRecord.Address(question.name(), InetAddress.ofLiteral("192.0.2." + random.nextInt(256)));
            case 1 -> new DnsRecord.Service(question.name(), random.nextInt(3), random.nextInt(65_536), 9, other);
            default ->
                new DnsRecord.Naptr(
                        question.name(),
                        random.nextInt(3),
                        0,
                        List.of("", "s", "a").get(random.nextInt(3)),
                        "relay:turn.udp:turn.tls",
                        "",
                        other);
        };
    }
}
