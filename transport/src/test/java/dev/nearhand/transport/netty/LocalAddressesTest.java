package dev.nearhand.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LocalAddressesTest {
    private static List<InetAddress> addresses(String... literals) {
        return Stream.of(literals).map(InetAddress::ofLiteral).toList();
    }

    /// An interface with many temporary IPv6 addresses, and one more.
    @Test
    void theFamiliesTakeTurns() {
        List<InetAddress> present =
                addresses("2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "2001:db8:1::1", "198.51.100.1");

        assertThat(LocalAddresses.usable(present, false))
                .containsExactlyElementsOf(addresses(
                        "2001:db8::1", "192.0.2.1", "2001:db8::2", "198.51.100.1", "2001:db8::3", "2001:db8:1::1"));
    }

    @Test
    void oneFamilyAloneKeepsItsOrder() {
        List<InetAddress> four = addresses("192.0.2.1", "198.51.100.1", "203.0.113.1");

        assertThat(LocalAddresses.usable(four, false)).isEqualTo(four);
    }

    @Test
    void theLoopbackComesLastAndOnlyWhenItIsWanted() {
        List<InetAddress> present = addresses("127.0.0.1", "192.0.2.1");

        assertThat(LocalAddresses.usable(present, false)).isEqualTo(addresses("192.0.2.1"));
        assertThat(LocalAddresses.usable(present, true)).isEqualTo(addresses("192.0.2.1", "127.0.0.1"));
    }

    @Test
    void whatNobodyElseCanUseIsLeftOut() {
        List<InetAddress> present =
                addresses("fe80::1", "fec0::1", "::192.0.2.1", "224.0.0.251", "0.0.0.0", "192.0.2.1", "192.0.2.1");

        assertThat(LocalAddresses.usable(present, true)).isEqualTo(addresses("192.0.2.1"));
    }

    @Test
    void aMachineWithManyAddressesUsesTheFirstOfBothFamilies() {
        List<InetAddress> present = Stream.concat(
                        IntStream.range(1, 40).mapToObj(i -> "2001:db8::" + i),
                        IntStream.range(1, 40).mapToObj(i -> "192.0.2." + i))
                .map(InetAddress::ofLiteral)
                .toList();

        assertThat(LocalAddresses.usable(present, false))
                .hasSize(LocalAddresses.LIMIT)
                .contains(InetAddress.ofLiteral("2001:db8::8"), InetAddress.ofLiteral("192.0.2.8"))
                .doesNotContain(InetAddress.ofLiteral("2001:db8::9"));
    }
}
