package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CandidateTest {
    @Test
    void readsAnOrdinaryLineWithAndWithoutItsPrefix() {
        String value = "842163049 1 udp 1677729535 203.0.113.7 50123 typ srflx raddr 192.0.2.4 rport 50000"
                + " generation 0 ufrag wFDM network-cost 999";
        Candidate candidate = parsed(value);
        assertThat(candidate)
                .isEqualTo(new Candidate(
                        "842163049",
                        1,
                        TransportProtocol.UDP,
                        1_677_729_535L,
                        at("203.0.113.7", 50_123),
                        CandidateType.SRFLX,
                        at("192.0.2.4", 50_000),
                        Map.of("generation", "0", "ufrag", "wFDM", "network-cost", "999")));
        assertThat(parsed("candidate:" + value)).isEqualTo(candidate);
        assertThat(parsed("a=candidate:" + value + " ")).isEqualTo(candidate);
    }

    @Test
    void ignoresAnEmptyFoundationAndAnUnknownTransport() { // wire case 9
        assertThat(Candidate.parse("candidate: 1 ssltcp 2113932029 203.0.113.7 443 typ host"))
                .isNull();
        assertThat(Candidate.parse("candidate: 1 udp 2113932029 203.0.113.7 443 typ host"))
                .isNull();
        assertThat(Candidate.parse("1 1 ssltcp 2113932029 203.0.113.7 443 typ host"))
                .isNull();
    }

    @Test
    void takesExtensionsBeforeTheType() { // wire case 9
        Candidate candidate =
                parsed("candidate:3902535109 1 udp 2122260223 10.0.0.0 32817 generation 0 ufrag wFDM typ host");
        assertThat(candidate.type()).isEqualTo(CandidateType.HOST);
        assertThat(candidate.address()).isEqualTo(at("10.0.0.0", 32_817));
        assertThat(candidate.extensions()).containsEntry("ufrag", "wFDM");
    }

    @Test
    void ignoresWhatIsNoCandidateAndTakesTheGoodOneAfterIt() { // wire case 9
        assertThat(Stream.of(
                                "1 1 udp not-a-priority 192.0.2.54 50000 typ host",
                                "1 1 udp 2122260223 192.0.2.54 50000 typ zzz",
                                "1 1 udp 2122260223 9:9:9:9:9:9 50000 typ host",
                                "1 1 udp 2122260223 192.0.2.54 50000 typ host")
                        .map(Candidate::parse)
                        .filter(candidate -> candidate != null))
                .hasSize(1);
    }

    @Test
    void anEmptyCandidateIsTheEndOfCandidates() { // wire case 9
        assertThat(Candidate.isEndOfCandidates("")).isTrue();
        assertThat(Candidate.isEndOfCandidates("candidate:")).isTrue();
        assertThat(Candidate.isEndOfCandidates("candidate:1 1 udp 1 192.0.2.1 9 typ host"))
                .isFalse();
        assertThat(Candidate.parse("")).isNull();
    }

    @Test
    void keepsHostNamesUnresolved() {
        Candidate candidate = parsed("1 1 UDP 2122260223 1F4712DB-EA17-4BCF-A596-105139DFD8BF.local 50000 typ host");
        assertThat(candidate.address().isUnresolved()).isTrue();
        assertThat(candidate.address().getHostString()).isEqualTo("1f4712db-ea17-4bcf-a596-105139dfd8bf.local");
    }

    @Test
    void readsTcpCandidates() {
        Candidate candidate = parsed("1 1 TCP 1518280447 192.0.2.4 9 typ host tcptype active");
        assertThat(candidate.transport()).isEqualTo(TransportProtocol.TCP);
        assertThat(candidate.extensions()).containsEntry("tcptype", "active");
    }

    @Test
    void survivesHostileLines() {
        for (String line : new String[] {
            "1 1 udp 99999999999999999999 192.0.2.1 1 typ host",
            "1 1 udp 1 192.0.2.1 65536 typ host",
            "1 1 udp 1 192.0.2.1 -1 typ host",
            "1 0 udp 1 192.0.2.1 1 typ host",
            "1 257 udp 1 192.0.2.1 1 typ host",
            "1 1 udp 1 256.0.0.1 1 typ host",
            "1 1 udp 1 :::: 1 typ host",
            "1 1 udp 1 fe80::1%\u0000 1 typ",
            "1 1 udp 1 2130706433 1 typ host",
            "1 1 udp 1 a..b/../c 1 typ host",
            "x".repeat(33) + " 1 udp 1 192.0.2.1 1 typ host",
            "1 1 udp 1 192.0.2.1 1 typ host" + " a b".repeat(10_000),
            "typ typ typ typ typ typ typ typ",
            " ",
            "\u0000"
        }) {
            assertThat(Candidate.parse(line)).as(line).isNull();
        }
    }

    @Test
    void theNamesOfTheTypeAreNoneOfTheSixteenExtensions() {
        String sixteen = Stream.iterate(1, i -> i + 1)
                .limit(Candidate.EXTENSIONS_LIMIT)
                .map(i -> " x" + i + " v")
                .reduce("", String::concat);
        Candidate candidate = parsed("1 1 udp 1 192.0.2.1 9" + sixteen + " typ host");
        assertThat(candidate.extensions()).hasSize(Candidate.EXTENSIONS_LIMIT);
        assertThat(Candidate.parse(candidate.toAttribute())).isEqualTo(candidate);
    }

    @Test
    void capsPrioritiesAndExtensions() {
        Candidate candidate = parsed("1 1 udp 4294967295 192.0.2.1 1 typ host"
                + Stream.iterate(0, i -> i + 1)
                        .limit(30)
                        .map(i -> " k" + i + " v")
                        .reduce("", String::concat));
        assertThat(candidate.priority()).isEqualTo(Candidate.MAX_PRIORITY);
        assertThat(candidate.extensions().size()).isLessThanOrEqualTo(Candidate.EXTENSIONS_LIMIT);
    }

    @Test
    void hostPrioritiesFollowTheFormula() {
        assertThat(Candidate.host(at("192.0.2.1", 1), 65_535).priority()).isEqualTo(2_130_706_431L);
        assertThat(Candidate.priority(CandidateType.RELAY, 0, 256)).isZero();
    }

    @Test
    void foundationsAreTheSameForTheSameAddressOnly() {
        String foundation = Candidate.host(at("192.0.2.1", 1), 1).foundation();
        assertThat(Candidate.host(at("192.0.2.1", 2), 7).foundation()).isEqualTo(foundation);
        assertThat(Candidate.host(at("192.0.2.2", 1), 1).foundation()).isNotEqualTo(foundation);
    }

    @Test
    void saysNeitherAddressesNorPasswords() {
        assertThat(Candidate.host(at("192.0.2.1", 50_123), 1)).asString().doesNotContain("192.0.2.1", "50123");
        IceCredentials credentials = IceCredentials.generate(new Random(1));
        assertThat(credentials).asString().doesNotContain(credentials.pwd());
    }

    @Test
    void credentialsAreIceCharsOfEnoughEntropy() {
        IceCredentials credentials = IceCredentials.generate(new Random(1));
        assertThat(credentials.ufrag()).matches("[A-Za-z0-9+/]{8}");
        assertThat(credentials.pwd()).matches("[A-Za-z0-9+/]{24}");
        assertThat(IceCredentials.isValid("abc", credentials.pwd())).isFalse();
        assertThatThrownBy(() -> new IceCredentials("abcd", "too short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("too short");
    }

    private static Candidate parsed(String line) {
        @Nullable Candidate candidate = Candidate.parse(line);
        assertThat(candidate).isNotNull();
        return candidate;
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
