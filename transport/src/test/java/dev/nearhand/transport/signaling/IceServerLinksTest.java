package dev.nearhand.transport.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.api.IceServer;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IceServerLinksTest {
    private static final String RFC_EXAMPLE = """
            <stun:stun.example.net>; rel="ice-server", \
            <turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="myPassword"; \
            credential-type="password", <turn:turn.example.net?transport=tcp>; rel=ice-server; username=user; \
            credential=myPassword, <https://example.net/next>; rel="next"\
            """;

    @Test
    void serversOfTheRfcsExampleAreRead() {
        assertThat(IceServerLinks.read(List.of(RFC_EXAMPLE)))
                .containsExactly(
                        IceServer.stun("stun:stun.example.net"),
                        IceServer.turn("turn:turn.example.net?transport=udp", "user", "myPassword"),
                        IceServer.turn("turn:turn.example.net?transport=tcp", "user", "myPassword"));
    }

    @Test
    void whatIsWrittenReadsBack() {
        IceServer server = IceServer.turn("turn:turn.example.net:3478?transport=udp", "a \"b\", c;d=e", "back\\slash");
        assertThat(IceServerLinks.read(List.of(IceServerLinks.write(server)))).containsExactly(server);
        IceServer stun = IceServer.stun("stun:stun.example.net:3478");
        assertThat(IceServerLinks.read(List.of(IceServerLinks.write(stun), IceServerLinks.write(server))))
                .containsExactly(stun, server);
    }

    @Test
    void aServerThatCannotBeUsedIsPassedOver() {
        assertThat(IceServerLinks.read(List.of(
                        "<turn:turn.example.net>; rel=\"ice-server\"",
                        "<gopher:example.net>; rel=\"ice-server\"",
                        "<stun:stun.example.net>; rel=\"preload\"",
                        "stun:no.brackets; rel=\"ice-server\"",
                        "<stun:good.example.net>; rel=\"ice-server\"")))
                .containsExactly(IceServer.stun("stun:good.example.net"));
    }

    @Test
    void anyTextIsSurvivedAndTheNumberOfServersIsLimited() {
        Random random = new Random(8288);
        for (int i = 0; i < 2_000; i++) {
            char[] changed = RFC_EXAMPLE.toCharArray();
            for (int flips = 0; flips < 5; flips++) {
                changed[random.nextInt(changed.length)] = "<>;,=\"\\ a".charAt(random.nextInt(9));
            }
            assertThat(IceServerLinks.read(List.of(new String(changed)))).isNotNull();
        }
        String many = String.join(",", Collections.nCopies(1_000, "<stun:a.example.net>;rel=ice-server"));
        assertThat(IceServerLinks.read(List.of(many, many))).hasSize(IceServerLinks.LIMIT);
    }
}
