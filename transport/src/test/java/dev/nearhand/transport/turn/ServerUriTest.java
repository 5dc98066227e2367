package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.transport.turn.ServerUri.Kind;
import dev.nearhand.transport.turn.ServerUri.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUriTest {
    @Test
    void theExamplesOfTheRfcsAreRead() {
        assertThat(ServerUri.parse("stun:example.org"))
                .isEqualTo(new ServerUri(Kind.STUN, "example.org", 3478, Transport.UDP, false, true));
        assertThat(ServerUri.parse("stun:example.org:8000"))
                .isEqualTo(new ServerUri(Kind.STUN, "example.org", 8000, Transport.UDP));
        assertThat(ServerUri.parse("turn:example.org"))
                .isEqualTo(new ServerUri(Kind.TURN, "example.org", 3478, Transport.UDP, false, false));
        assertThat(ServerUri.parse("turns:example.org"))
                .isEqualTo(new ServerUri(Kind.TURN, "example.org", 5349, Transport.TLS, false, true));
        assertThat(ServerUri.parse("turn:example.org:8000?transport=udp"))
                .isEqualTo(new ServerUri(Kind.TURN, "example.org", 8000, Transport.UDP));
        assertThat(ServerUri.parse("turn:example.org?transport=tcp"))
                .isEqualTo(new ServerUri(Kind.TURN, "example.org", 3478, Transport.TCP, false, true));
        assertThat(ServerUri.parse("turns:example.org:443?transport=TCP"))
                .isEqualTo(new ServerUri(Kind.TURN, "example.org", 443, Transport.TLS));
    }

    @Test
    void anIpv6AddressStandsInBrackets() {
        assertThat(ServerUri.parse("TURN:[2001:db8::5]:99"))
                .isEqualTo(new ServerUri(Kind.TURN, "2001:db8::5", 99, Transport.UDP, true, false));
        assertThat(ServerUri.parse("stun:[::1]").host()).isEqualTo("::1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "http://example.org",
                "stun://example.org",
                "stun:",
                "stun:user@example.org",
                "stun:example.org:0",
                "stun:example.org:65536",
                "stun:example.org:port",
                "stun:example.org?transport=udp",
                "stuns:example.org",
                "turn:example.org?transport=sctp",
                "turn:example.org?",
                "turns:example.org?transport=udp",
                "turn:2001:db8::5",
                "turn:exa mple.org"
            })
    void whatIsNoAddressOfAServerIsRefusedWithASentence(String text) {
        assertThatThrownBy(() -> ServerUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + text + "\" is not the address of a server: ");
    }
}
