package dev.nearhand.transport.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsQuestion.Type;
import dev.nearhand.transport.dns.DnsRecord;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a name server of the test's own, over real sockets.
@Timeout(60)
class ServiceLookupTest {
    private static final String NAME = "_turn._udp.example.org";

    private final EventLoop loop = EventLoops.next();
    private DnsZone zone;
    private ServiceLookup lookup;

    @BeforeEach
    void open() throws IOException {
        zone = new DnsZone();
        lookup = new ServiceLookup(loop, NameServers.of(List.of(zone.address()), Optional.empty()));
    }

    @AfterEach
    void close() throws Exception {
        loop.submit(lookup::close).get();
        zone.close();
    }

    private List<DnsRecord> ask(String name, Type type) throws Exception {
        CompletableFuture<List<DnsRecord>> answer = new CompletableFuture<>();
        loop.execute(() -> lookup.ask(new DnsQuestion(name, type), answer::complete));
        return answer.get(30, SECONDS);
    }

    @Test
    void servicesAndTheirProtocolsAreFound() throws Exception {
        zone.srv(NAME, 1, 2, 5000, "Relay.Example.org");
        zone.srv(NAME, 3, 4, 5001, "other.example.org");
        zone.naptr("example.org", 100, "S", "RELAY:turn.udp", NAME);
        assertThat(ask(NAME, Type.SERVICE))
                .containsExactly(
                        new DnsRecord.Service(NAME, 1, 2, 5000, "relay.example.org"),
                        new DnsRecord.Service(NAME, 3, 4, 5001, "other.example.org"));
        assertThat(ask("example.org", Type.NAPTR))
                .containsExactly(new DnsRecord.Naptr("example.org", 100, 0, "s", "relay:turn.udp", "", NAME));
        assertThat(zone.asked()).containsExactly(NAME + " 33 udp", "example.org 35 udp");
    }

    @Test
    void anAnswerThatDoesNotFitIsAskedForOverTcp() throws Exception {
        for (int i = 0; i < 60; i++) {
            zone.srv(NAME, i, 0, 5000, "relay-with-a-rather-long-name-" + i + ".example.org");
        }
        zone.truncate();
        assertThat(ask(NAME, Type.SERVICE)).hasSize(60);
        assertThat(zone.asked()).containsExactly(NAME + " 33 udp", NAME + " 33 tcp");
    }

    @Test
    void aNameThatIsAnotherOnesIsFollowed() throws Exception {
        zone.cname(NAME, DnsRecord.TYPE_SRV, "elsewhere.example.org");
        zone.srv("elsewhere.example.org", 1, 2, 5000, "relay.example.org");
        assertThat(ask(NAME, Type.SERVICE))
                .containsExactly(new DnsRecord.Service("elsewhere.example.org", 1, 2, 5000, "relay.example.org"));
    }

    @Test
    void namesThatAreEachOthersAreGivenUp() throws Exception {
        zone.cname(NAME, DnsRecord.TYPE_SRV, "a.example.org");
        zone.cname("a.example.org", DnsRecord.TYPE_SRV, NAME);
        assertThat(ask(NAME, Type.SERVICE)).isEmpty();
        assertThat(zone.asked()).hasSizeLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // nothing but flags
                "8180",
                // an answer is promised and does not come
                "8180000100010000000004746573740000210001",
                // one whose name points at itself
                "81800001000100000000045f7475726e0000210001c01ac01a00210001000000010006000000000000",
                // noise
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void garbageIsNoAnswer(String hex) throws Exception {
        zone.answerWith(hex);
        assertThat(ask(NAME, Type.SERVICE)).isEmpty();
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        zone.fallSilent();
        assertThat(ask(NAME, Type.SERVICE)).isEmpty();
    }

    @Test
    void whereNobodyServesNothingIsKnown() throws Exception {
        int closed;
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            closed = socket.getLocalPort();
        }
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), closed);
        ServiceLookup vain = new ServiceLookup(loop, NameServers.of(List.of(nobody), Optional.empty()));
        CompletableFuture<List<DnsRecord>> answer = new CompletableFuture<>();
        loop.execute(() -> vain.ask(new DnsQuestion(NAME, Type.SERVICE), answer::complete));
        assertThat(answer.get(30, SECONDS)).isEmpty();
        loop.submit(vain::close).get();
    }

    @Test
    void aNameThatCannotBeAskedForIsNotThere() throws Exception {
        assertThat(ask("_turn._udp." + "x".repeat(64) + ".example.org", Type.SERVICE))
                .isEmpty();
        assertThat(zone.asked()).isEmpty();
    }
}
