package dev.nearhand.transport.turn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerPolicyTest {
    private static InetAddress at(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.1.2",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.251",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::10.0.0.1",
                "::ffff:192.168.1.1",
                "fe80::1",
                "fd00::1",
                "fc12::1",
                "fec0::1",
                "ff02::fb",
                "64:ff9b::10.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b:1::1",
                "2002:0a00:0001::1",
                "2002:7f00:0001::1",
                "2001:0:1::1",
                "100::1"
            })
    void whatIsNotPublicIsNotRelayedTo(String literal) {
        assertThat(PeerPolicy.publicOnly().allows(at(literal))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "203.0.113.5",
                "223.255.255.255",
                "2a00::1",
                "2001:4860::1",
                "64:ff9b::8.8.8.8",
                "2002:0808:0808::1"
            })
    void whatIsPublicIsRelayedTo(String literal) {
        assertThat(PeerPolicy.publicOnly().allows(at(literal))).isTrue();
    }

    @Test
    void whatIsAllowedWinsOverWhatIsDenied() {
        PeerPolicy policy = new PeerPolicy(
                List.of(AddressRange.parse("10.1.0.0/16"), AddressRange.parse("fd00::/8")),
                List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("8.8.8.8")));
        assertThat(policy.allows(at("10.1.2.3"))).isTrue();
        assertThat(policy.allows(at("10.2.2.3"))).isFalse();
        assertThat(policy.allows(at("fd12::1"))).isTrue();
        assertThat(policy.allows(at("fc12::1"))).isFalse();
        assertThat(policy.allows(at("8.8.8.8"))).isFalse();
        assertThat(policy.allows(at("8.8.8.9"))).isTrue();
    }

    @Test
    void rangesAreReadAndChecked() {
        assertThat(AddressRange.parse("192.0.2.128/25").contains(at("192.0.2.255")))
                .isTrue();
        assertThat(AddressRange.parse("192.0.2.128/25").contains(at("192.0.2.127")))
                .isFalse();
        assertThat(AddressRange.parse("0.0.0.0/0").contains(at("255.1.2.3"))).isTrue();
        assertThat(AddressRange.parse("0.0.0.0/0").contains(at("2001:db8::1"))).isFalse();
        for (String wrong : List.of("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.org", "::/129", "")) {
            assertThatThrownBy(() -> AddressRange.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
