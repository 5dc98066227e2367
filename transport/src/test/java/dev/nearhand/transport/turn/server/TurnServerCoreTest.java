package dev.nearhand.transport.turn.server;

import static dev.nearhand.transport.turn.server.HandClient.CLIENT;
import static dev.nearhand.transport.turn.server.HandClient.PEER;
import static dev.nearhand.transport.turn.server.HandClient.SECOND;
import static dev.nearhand.transport.turn.server.HandClient.SERVER;
import static dev.nearhand.transport.turn.server.HandClient.UDP;
import static dev.nearhand.transport.turn.server.HandClient.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnServerCoreTest {
    private final HandClient.Server server = new HandClient.Server(config -> config);
    private final HandClient client = new HandClient(server, CLIENT);

    private static HandClient other(HandClient.Server server, int port) {
        return new HandClient(server, new InetSocketAddress(CLIENT.getAddress(), port));
    }

    // --- STUN

    @Test
    void aBindingTellsHowTheClientIsSeen() {
        StunMessage answer = client.exchange(client.plain(StunMessage.BINDING));
        assertThat(answer.find(StunAttribute.XorMappedAddress.class))
                .isEqualTo(new StunAttribute.XorMappedAddress(CLIENT));
        assertThat(answer.find(StunAttribute.Software.class)).isEqualTo(new StunAttribute.Software("nearhand"));
    }

    @Test
    void whatMustBeUnderstoodAndIsNotIsNamed() {
        StunAttribute changeRequest = new StunAttribute.Unknown(3, ByteBuffer.allocate(4));
        StunMessage answer = client.exchange(client.plain(StunMessage.BINDING, changeRequest));
        assertThat(code(answer)).isEqualTo(420);
        assertThat(answer.find(StunAttribute.UnknownAttributes.class))
                .isEqualTo(new StunAttribute.UnknownAttributes(List.of(3)));
        StunAttribute optional = new StunAttribute.Unknown(0x80FF, ByteBuffer.allocate(4));
        assertThat(code(client.exchange(client.plain(StunMessage.BINDING, optional))))
                .isZero();
        StunAttribute mobility = new StunAttribute.Unknown(0x7001, ByteBuffer.allocate(0));
        assertThat(code(client.allocate(mobility))).isEqualTo(420);
    }

    // --- credentials

    @Test
    void whoHasProvedNothingIsToldWhatToProve() {
        byte[] answer =
                client.exchanged(client.plain(StunMessage.ALLOCATE, UDP)).getFirst();
        StunMessage demand = HandClient.parse(answer).message();
        assertThat(code(demand)).isEqualTo(401);
        assertThat(demand.has(StunAttribute.Nonce.class)).isTrue();
        assertThat(demand.find(StunAttribute.Realm.class)).isEqualTo(new StunAttribute.Realm("realm"));
        assertThat(client.isSigned(answer)).isFalse();
    }

    @Test
    void wrongNamesAndPasswordsAreAnsweredAlike() {
        assertThat(code(client.as("user", "guess").allocate())).isEqualTo(401);
        assertThat(code(other(server, 1).as("nobody", "password").allocate())).isEqualTo(401);
    }

    @Test
    void aSealWithoutItsNameIsABadRequest() {
        ByteBuffer into = ByteBuffer.allocate(500);
        new StunMessage(
                        dev.nearhand.transport.stun.StunClass.REQUEST,
                        StunMessage.ALLOCATE,
                        new TransactionId(1, 2),
                        List.of(UDP))
                .write(into, dev.nearhand.transport.stun.StunKey.shortTerm("x"));
        assertThat(code(client.exchange(Arrays.copyOf(into.array(), into.position()))))
                .isEqualTo(400);
    }

    @Test
    void aNonceIsGoodForItsTimeAndForWhomItWasGivenTo() {
        client.allocated();
        HandClient thief = other(server, 6_000);
        thief.nonce = client.nonce;
        assertThat(code(thief.allocate())).isEqualTo(438);
        server.pass(3_599 * SECOND);
        assertThat(code(client.ask(StunMessage.ALLOCATE, UDP))).isNotEqualTo(438);
        server.pass(2 * SECOND);
        StunMessage stale = client.ask(StunMessage.ALLOCATE, UDP);
        assertThat(code(stale)).isEqualTo(438);
        client.nonce =
                Objects.requireNonNull(stale.find(StunAttribute.Nonce.class)).value();
        assertThat(code(client.refresh(600))).isZero();
        server.core.renewNonces();
        assertThat(code(client.refresh(600))).isEqualTo(438);
    }

    @Test
    void timeLimitedCredentialsEndForNewAllocationsOnly() {
        String name = HandClient.EPOCH.getEpochSecond() + 60 + ":someone";
        String password = UserDirectory.timeLimitedPassword(HandClient.SECRET, name);
        assertThat(code(client.as(name, password).allocate())).isZero();
        server.wallClock = HandClient.EPOCH.plusSeconds(61);
        assertThat(code(client.refresh(600))).as("what runs goes on").isZero();
        assertThat(code(other(server, 2).as(name, password).allocate())).isEqualTo(401);
        assertThat(code(other(server, 3).as("99999999999999999999:x", "y").allocate()))
                .isEqualTo(401);
    }

    @Test
    void anAllocationBelongsToItsUser() {
        client.allocated();
        HandClient sameAddress = new HandClient(server, CLIENT).as("other", "secret");
        assertThat(code(sameAddress.refresh(600))).isEqualTo(441);
        assertThat(code(sameAddress.allocate())).isEqualTo(437);
    }

    // --- allocations

    @Test
    void anAllocationIsAnAddressOfTheRangeForTheTimeThatIsTold() {
        StunMessage answer = client.allocate();
        InetSocketAddress relayed = Objects.requireNonNull(HandClient.relayed(answer));
        assertThat(relayed.getAddress()).isEqualTo(SERVER.getAddress());
        assertThat(relayed.getPort()).isBetween(HandClient.PORTS.first(), HandClient.PORTS.last());
        assertThat(server.open).containsExactly(relayed);
        assertThat(answer.find(StunAttribute.Lifetime.class)).isEqualTo(new StunAttribute.Lifetime(600));
        assertThat(answer.find(StunAttribute.XorMappedAddress.class))
                .isEqualTo(new StunAttribute.XorMappedAddress(CLIENT));
        assertThat(client.isSigned(client.heard().getLast())).isTrue();
        server.pass(599 * SECOND);
        assertThat(server.open).hasSize(1);
        server.pass(2 * SECOND);
        assertThat(server.open).isEmpty();
        assertThat(code(client.refresh(600))).isEqualTo(437);
    }

    @Test
    void theSameRequestOnceMoreGetsTheSameAnswerAndAnotherOneNone() {
        StunMessage demand = client.exchange(client.plain(StunMessage.ALLOCATE, UDP));
        client.nonce =
                Objects.requireNonNull(demand.find(StunAttribute.Nonce.class)).value();
        byte[] request = client.signed(new TransactionId(3, 4), StunMessage.ALLOCATE, UDP);
        StunMessage first = client.exchange(request);
        assertThat(code(first)).isZero();
        assertThat(client.exchange(request)).isEqualTo(first);
        assertThat(code(client.allocate())).isEqualTo(437);
        assertThat(server.open).hasSize(1);
    }

    @Test
    void lifetimesAreKeptWithinTheirLimits() {
        StunAttribute.Lifetime week = new StunAttribute.Lifetime(7 * 86_400);
        assertThat(client.allocate(week).find(StunAttribute.Lifetime.class))
                .isEqualTo(new StunAttribute.Lifetime(3_600));
        assertThat(client.refresh(1).find(StunAttribute.Lifetime.class)).isEqualTo(new StunAttribute.Lifetime(600));
        server.pass(601 * SECOND);
        assertThat(server.open).isEmpty();
    }

    @Test
    void aRefreshProlongsAndALifetimeOfZeroDeletes() {
        client.allocated();
        server.pass(500 * SECOND);
        client.refresh(600);
        server.pass(500 * SECOND);
        assertThat(server.open).hasSize(1);
        assertThat(code(client.refresh(0))).isZero();
        assertThat(server.open).isEmpty();
        assertThat(server.core.stats().allocations()).isZero();
        client.allocated();
    }

    @Test
    void whatCannotBeAllocatedIsRefusedWithItsReason() {
        assertThat(code(client.ask(StunMessage.ALLOCATE))).isEqualTo(400);
        assertThat(code(client.ask(StunMessage.ALLOCATE, new StunAttribute.RequestedTransport(6))))
                .isEqualTo(442);
        assertThat(code(client.allocate(new StunAttribute.RequestedAddressFamily(3))))
                .isEqualTo(440);
        assertThat(code(client.allocate(new StunAttribute.ReservationToken(1), new StunAttribute.EvenPort(false))))
                .isEqualTo(400);
        assertThat(code(client.allocate(new StunAttribute.ReservationToken(1)))).isEqualTo(508);
        assertThat(code(client.allocate(
                        new StunAttribute.RequestedAddressFamily(1), new StunAttribute.AdditionalAddressFamily(2))))
                .isEqualTo(400);
        assertThat(code(client.allocate(new StunAttribute.AdditionalAddressFamily(1))))
                .isEqualTo(400);
        assertThat(server.open).isEmpty();
    }

    @Test
    void aServerWithoutRelaysOfAFamilySaysSo() {
        HandClient.Server stunOnly =
                new HandClient.Server(config -> TurnServerConfig.of(config.realm(), config.users(), List.of()));
        assertThat(code(new HandClient(stunOnly, CLIENT).allocate())).isEqualTo(440);
    }

    @Test
    void anIpv6AddressIsAllocatedForWhoAsksForIt() {
        StunMessage answer = client.allocate(new StunAttribute.RequestedAddressFamily(2));
        assertThat(Objects.requireNonNull(HandClient.relayed(answer)).getAddress())
                .isEqualTo(InetAddress.ofLiteral("2001:db8:5::5"));
        assertThat(client.permit(PEER)).isEqualTo(443);
        InetSocketAddress six = new InetSocketAddress("2001:db8:9::9", 9);
        assertThat(client.permit(six)).isZero();
        assertThat(client.bind(0x4000, PEER)).isEqualTo(443);
        assertThat(code(client.ask(StunMessage.REFRESH, new StunAttribute.RequestedAddressFamily(1))))
                .isEqualTo(443);
    }

    @Test
    void whoWantsBothFamiliesGetsOneAndIsToldSo() {
        StunMessage answer = client.allocate(new StunAttribute.AdditionalAddressFamily(2));
        assertThat(HandClient.relayed(answer)).isNotNull();
        StunAttribute.AddressErrorCode left = answer.find(StunAttribute.AddressErrorCode.class);
        assertThat(left).isNotNull();
        assertThat(left.family()).isEqualTo(2);
        assertThat(left.code()).isEqualTo(440);
    }

    @Test
    void anEvenPortKeepsTheOneAboveItForWhoHasItsToken() {
        StunMessage answer = client.allocate(new StunAttribute.EvenPort(true));
        InetSocketAddress even = Objects.requireNonNull(HandClient.relayed(answer));
        assertThat(even.getPort()).isEven();
        StunAttribute token = Objects.requireNonNull(answer.find(StunAttribute.ReservationToken.class));
        for (int i = 0; i < HandClient.PORTS.size() - 2; i++) {
            assertThat(other(server, 10 + i).allocated().getPort()).isNotEqualTo(even.getPort() + 1);
        }
        assertThat(code(other(server, 40).allocate()))
                .as("all but the kept one are gone")
                .isEqualTo(508);
        assertThat(other(server, 41).allocated(token).getPort()).isEqualTo(even.getPort() + 1);
        assertThat(code(other(server, 42).allocate(token)))
                .as("a token is good once")
                .isEqualTo(508);
    }

    @Test
    void aPortThatNobodyFetchesIsFreeAgainSoon() {
        HandClient.Server two = new HandClient.Server(config -> config.withRelayPorts(new PortRange(50_000, 50_001)));
        StunMessage answer = new HandClient(two, CLIENT).allocate(new StunAttribute.EvenPort(true));
        assertThat(HandClient.relayed(answer)).isNotNull();
        assertThat(code(other(two, 1).allocate())).isEqualTo(508);
        two.pass(31 * SECOND);
        assertThat(other(two, 1).allocated().getPort()).isEqualTo(50_001);
        assertThat(code(other(two, 2).allocate(new StunAttribute.EvenPort(false))))
                .isEqualTo(508);
    }

    @Test
    void aPortThatSomebodyElseHasIsPassedOver() {
        IntStream.rangeClosed(HandClient.PORTS.first(), HandClient.PORTS.last())
                .filter(port -> port % 4 != 0)
                .forEach(server.taken::add);
        for (int i = 0; i < 4; i++) {
            StunMessage answer = other(server, 1 + i).allocate();
            InetSocketAddress relayed = HandClient.relayed(answer);
            assertThat(relayed == null ? code(answer) == 508 : relayed.getPort() % 4 == 0)
                    .isTrue();
        }
        assertThat(server.count("relays.refused")).isPositive();
        assertThat(server.core.stats().allocations()).isPositive();
    }

    // --- quotas

    @Test
    void quotasAreKeptForAUserAnAddressAndAll() {
        HandClient.Server limited = new HandClient.Server(config -> config.withQuotas(new Quotas(5, 2, 3, 10, 0)));
        other(limited, 1).allocated();
        HandClient second = other(limited, 2);
        second.allocated();
        assertThat(code(other(limited, 3).allocate())).as("the user").isEqualTo(486);
        other(limited, 4).as("other", "secret").allocated();
        assertThat(code(other(limited, 5).as("other", "secret").allocate()))
                .as("the address")
                .isEqualTo(486);
        second.refresh(0);
        other(limited, 6).allocated();
    }

    @Test
    void aServerThatIsFullSaysSo() {
        HandClient.Server small = new HandClient.Server(config -> config.withQuotas(new Quotas(1, 9, 9, 9, 0)));
        other(small, 1).allocated();
        assertThat(code(other(small, 2).allocate())).isEqualTo(508);
    }

    @Test
    void accountsOfTimeLimitedNamesShareTheirQuota() {
        HandClient.Server limited = new HandClient.Server(config -> config.withQuotas(new Quotas(9, 1, 9, 9, 0)));
        for (int i = 0; i < 3; i++) {
            String name = HandClient.EPOCH.getEpochSecond() + 60 + i + ":someone";
            String password = UserDirectory.timeLimitedPassword(HandClient.SECRET, name);
            assertThat(code(other(limited, 1 + i).as(name, password).allocate()))
                    .isEqualTo(i == 0 ? 0 : 486);
        }
    }

    @Test
    void moreBytesThanTheQuotaOfASecondAreDropped() {
        HandClient.Server slow = new HandClient.Server(config -> config.withQuotas(new Quotas(9, 9, 9, 9, 1_000)));
        HandClient sender = new HandClient(slow, CLIENT);
        sender.allocated();
        sender.permit(PEER);
        IntStream.range(0, 30).forEach(_ -> sender.sendIndication(PEER, "x".repeat(100)));
        assertThat(slow.count("relayed.toPeer")).isEqualTo(10);
        assertThat(slow.count("dropped.bandwidth")).isEqualTo(20);
        slow.pass(SECOND);
        sender.sendIndication(PEER, "x".repeat(100));
        assertThat(slow.count("relayed.toPeer")).isEqualTo(11);
    }

    // --- permissions and channels

    private List<byte[]> toPeer(InetSocketAddress relayed, InetSocketAddress peer) {
        return server.sent.stream()
                .filter(sent -> sent.path().equals(new Path(relayed, peer)))
                .map(HandClient.Sent::bytes)
                .toList();
    }

    @Test
    void onlyPermittedPeersGetThroughAndOnlyForFiveMinutes() {
        InetSocketAddress relayed = client.allocated(new StunAttribute.Lifetime(3_600));
        server.arrives("early".getBytes(), PEER, relayed);
        client.sendIndication(PEER, "early");
        assertThat(server.count("dropped.fromPeer")).isEqualTo(1);
        assertThat(server.count("dropped.noPermission")).isEqualTo(1);
        assertThat(client.permit(PEER)).isZero();
        client.sendIndication(PEER, "there");
        assertThat(toPeer(relayed, PEER)).containsExactly("there".getBytes());
        InetSocketAddress samePeer = new InetSocketAddress(PEER.getAddress(), 1);
        int before = client.heard().size();
        server.arrives("back".getBytes(), samePeer, relayed);
        StunMessage data = HandClient.parse(client.heard().get(before)).message();
        assertThat(data.find(StunAttribute.XorPeerAddress.class)).isEqualTo(new StunAttribute.XorPeerAddress(samePeer));
        assertThat(Objects.requireNonNull(data.find(StunAttribute.Data.class)).value())
                .isEqualTo(ByteBuffer.wrap("back".getBytes()));
        server.pass(301 * SECOND);
        server.arrives("late".getBytes(), PEER, relayed);
        client.sendIndication(PEER, "late");
        assertThat(server.count("dropped.fromPeer")).isEqualTo(2);
        assertThat(server.count("dropped.noPermission")).isEqualTo(2);
    }

    @Test
    void aChannelCarriesBothWaysForTenMinutes() {
        InetSocketAddress relayed = client.allocated(new StunAttribute.Lifetime(3_600));
        client.sendOnChannel(0x4001, "early");
        assertThat(server.count("dropped.fromChannel")).isEqualTo(1);
        assertThat(client.bind(0x4001, PEER)).isZero();
        client.sendOnChannel(0x4001, "there");
        assertThat(toPeer(relayed, PEER)).containsExactly("there".getBytes());
        server.arrives("back".getBytes(), PEER, relayed);
        assertThat(client.heard().getLast()).isEqualTo(new byte[] {0x40, 1, 0, 4, 'b', 'a', 'c', 'k'});
        server.pass(290 * SECOND);
        client.permit(PEER);
        server.pass(290 * SECOND);
        client.permit(PEER);
        client.sendOnChannel(0x4001, "still");
        assertThat(toPeer(relayed, PEER)).hasSize(2);
        server.pass(30 * SECOND);
        client.sendOnChannel(0x4001, "late");
        assertThat(toPeer(relayed, PEER)).hasSize(2);
        server.arrives("late".getBytes(), PEER, relayed);
        assertThat(HandClient.parse(client.heard().getLast()).message().method())
                .isEqualTo(StunMessage.DATA);
    }

    @Test
    void aChannelBelongsToOnePeerAndAPeerToOneChannel() {
        client.allocated();
        InetSocketAddress second = new InetSocketAddress(PEER.getAddress(), 7_001);
        assertThat(client.bind(0x4001, PEER)).isZero();
        assertThat(client.bind(0x4001, PEER)).as("renewed").isZero();
        assertThat(client.bind(0x4001, second)).isEqualTo(400);
        assertThat(client.bind(0x4002, PEER)).isEqualTo(400);
        assertThat(client.bind(0x3FFF, second)).isEqualTo(400);
        assertThat(client.bind(0x8000, second)).isEqualTo(400);
        assertThat(client.bind(0x7FFF, second)).as("as of RFC 5766").isZero();
        assertThat(code(client.ask(StunMessage.CHANNEL_BIND, new StunAttribute.ChannelNumber(0x4005))))
                .isEqualTo(400);
    }

    @Test
    void permissionsAndChannelsHaveTheirLimits() {
        client.allocated();
        int channels = 0;
        while (channels <= Allocation.CHANNELS_LIMIT
                && client.bind(0x4000 + channels, new InetSocketAddress(PEER.getAddress(), 1 + channels)) == 0) {
            channels++;
        }
        assertThat(channels).isEqualTo(Allocation.CHANNELS_LIMIT);
        int permissions = 1;
        while (permissions <= Allocation.PERMISSIONS_LIMIT
                && client.permit(new InetSocketAddress(
                                "198.51." + permissions / 200 + "." + (10 + permissions % 200), 0))
                        == 0) {
            permissions++;
        }
        assertThat(permissions).isEqualTo(Allocation.PERMISSIONS_LIMIT);
    }

    @Test
    void onePeerThatIsNotAllowedSpoilsTheWholeRequest() {
        client.allocated();
        InetSocketAddress inside = new InetSocketAddress("10.0.0.1", 1);
        assertThat(client.permit(PEER, inside)).isEqualTo(403);
        client.sendIndication(PEER, "no");
        assertThat(server.count("dropped.noPermission")).isEqualTo(1);
        assertThat(client.bind(0x4000, inside)).isEqualTo(403);
        assertThat(client.permit()).isEqualTo(400);
    }

    @Test
    void twoClientsOfTheServerReachEachOtherWithoutTheNetwork() {
        HandClient second = other(server, 6_000);
        InetSocketAddress one = client.allocated();
        InetSocketAddress two = second.allocated();
        client.permit(two);
        client.sendIndication(two, "too early");
        assertThat(server.count("dropped.fromPeer")).isEqualTo(1);
        second.bind(0x4000, one);
        client.sendIndication(two, "hello");
        assertThat(second.heard().getLast()).startsWith(0x40, 0, 0, 5).endsWith("hello".getBytes());
        assertThat(server.sent).noneMatch(sent -> sent.path().local().equals(one));
        InetSocketAddress itself = SERVER;
        client.permit(itself);
        client.sendIndication(itself, "what else the machine serves");
        assertThat(server.count("dropped.toItself")).isEqualTo(1);
    }

    @Test
    void anAddressBehindANatIsToldAsPeersSeeIt() {
        InetSocketAddress inner = new InetSocketAddress("10.0.0.5", 0);
        HandClient.Server natted = new HandClient.Server(config -> TurnServerConfig.of(
                        config.realm(),
                        config.users(),
                        List.of(new RelayAddress(inner.getAddress(), SERVER.getAddress())))
                .withRelayPorts(HandClient.PORTS));
        HandClient one = new HandClient(natted, CLIENT);
        InetSocketAddress relayed = one.allocated();
        assertThat(relayed.getAddress()).isEqualTo(SERVER.getAddress());
        assertThat(natted.open).containsExactly(new InetSocketAddress(inner.getAddress(), relayed.getPort()));
        HandClient two = other(natted, 6_000);
        InetSocketAddress other = two.allocated();
        one.permit(other);
        two.permit(relayed);
        one.sendIndication(other, "hairpin");
        StunMessage data = HandClient.parse(two.heard().getLast()).message();
        assertThat(data.find(StunAttribute.XorPeerAddress.class)).isEqualTo(new StunAttribute.XorPeerAddress(relayed));
    }

    @Test
    void whatMustNotBeFragmentedLeavesFromAnAllocationThatPromisesIt() {
        HandClient promised = other(server, 6_000);
        promised.allocated(new StunAttribute.DontFragment());
        assertThat(server.unfragmented).hasSize(1);
        promised.permit(PEER);
        promised.sendIndication(PEER, "whole", new StunAttribute.DontFragment());
        assertThat(server.count("relayed.toPeer")).isEqualTo(1);
        client.allocated();
        client.permit(PEER);
        client.sendIndication(PEER, "whole", new StunAttribute.DontFragment());
        assertThat(server.count("relayed.toPeer")).isEqualTo(1);
        assertThat(server.count("dropped.indication")).isEqualTo(1);
    }

    // --- streams

    @Test
    void aConnectionIsAClientOfItsOwnAndTakesItsAllocationWithIt() {
        InetSocketAddress overUdp = client.allocated();
        HandClient connected = new HandClient(server, CLIENT).connected(4);
        InetSocketAddress overTcp = connected.allocated();
        assertThat(overTcp).isNotEqualTo(overUdp);
        connected.bind(0x4000, PEER);
        server.arrives("odd".getBytes(), PEER, overTcp);
        assertThat(connected.heard().getLast()).as("padded").isEqualTo(new byte[] {0x40, 0, 0, 3, 'o', 'd', 'd', 0});
        server.core.streamClosed(4);
        server.drain();
        assertThat(server.open).containsExactly(overUdp);
        connected.say(connected.plain(StunMessage.BINDING));
        assertThat(server.core.stats().streams()).isZero();
    }

    @Test
    void aConnectionThatSpeaksNoStunIsEnded() {
        HandClient connected = new HandClient(server, CLIENT).connected(4);
        connected.say(new byte[] {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThat(server.closedStreams).containsExactly(4);
    }

    @Test
    void noMoreConnectionsAreTakenThanTheQuotaAllows() {
        HandClient.Server small = new HandClient.Server(config -> config.withQuotas(new Quotas(9, 9, 9, 2, 0)));
        assertThat(small.core.streamOpened(1, CLIENT)).isTrue();
        assertThat(small.core.streamOpened(2, CLIENT)).isTrue();
        assertThat(small.core.streamOpened(3, CLIENT)).isFalse();
        small.core.streamClosed(1);
        assertThat(small.core.streamOpened(3, CLIENT)).isTrue();
    }

    // --- those who mean no good

    @Test
    void anAddressGetsSoManyAnswersAndOthersStillGetTheirs() {
        HandClient.Server limited = new HandClient.Server(config -> config.withRates(new RateLimits(10, 20, 1_000)));
        HandClient flood = new HandClient(limited, CLIENT);
        IntStream.range(0, 500).forEach(_ -> flood.say(flood.plain(StunMessage.BINDING)));
        assertThat(flood.heard()).hasSize(20);
        assertThat(limited.count("dropped.rateLimit")).isEqualTo(480);
        HandClient neighbour = new HandClient(limited, new InetSocketAddress("192.0.2.2", 1));
        assertThat(code(neighbour.allocate())).isZero();
        limited.pass(SECOND);
        IntStream.range(0, 500).forEach(_ -> flood.say(flood.plain(StunMessage.BINDING)));
        assertThat(flood.heard()).hasSize(30);
    }

    @Test
    void guessingPasswordsIsLimitedToo() {
        HandClient.Server limited = new HandClient.Server(config -> config.withRates(new RateLimits(1, 5, 1_000)));
        HandClient guesser = new HandClient(limited, CLIENT).as("user", "guess");
        guesser.allocate();
        IntStream.range(0, 100)
                .forEach(i -> guesser.say(guesser.signed(new TransactionId(i, i), StunMessage.ALLOCATE, UDP)));
        assertThat(guesser.heard()).hasSize(5);
    }

    @Test
    void manySourcesTogetherMeetTheOverallLimit() {
        HandClient.Server limited = new HandClient.Server(config -> config.withRates(new RateLimits(10, 20, 100)));
        byte[] binding = client.plain(StunMessage.BINDING);
        for (int i = 0; i < 20_000; i++) {
            InetSocketAddress from =
                    new InetSocketAddress("192.0." + (i >> 8 & 0xFF) + "." + (i & 0xFF), 1 + (i >> 16));
            limited.arrives(binding, from, SERVER);
        }
        assertThat(limited.sent).hasSize(100);
    }

    @Test
    void noiseIsNeitherAnsweredNorKept() {
        SplittableRandom random = new SplittableRandom(3);
        InetSocketAddress relayed = client.allocated();
        client.bind(0x4000, PEER);
        int before = server.sent.size();
        for (int i = 0; i < 50_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            server.arrives(noise, random.nextBoolean() ? CLIENT : PEER, random.nextInt(4) == 0 ? relayed : SERVER);
        }
        assertThat(server.sent.size() - before)
                .as("what the peer said to the relayed address, and nothing else")
                .isEqualTo((int) server.count("relayed.channelData"));
        assertThat(server.core.stats().allocations()).isEqualTo(1);
        assertThat(code(client.refresh(600))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {StunMessage.ALLOCATE, StunMessage.REFRESH, StunMessage.CREATE_PERMISSION, StunMessage.CHANNEL_BIND})
    void aRequestWithAnyBitFlippedProvesNothing(int method) {
        client.allocated();
        byte[] whole = client.signed(
                new TransactionId(5, 6),
                method,
                UDP,
                new StunAttribute.ChannelNumber(0x4000),
                new StunAttribute.XorPeerAddress(PEER));
        HandClient.Server lenient =
                new HandClient.Server(config -> config.withRates(new RateLimits(9_999, 9_999, 9_999)));
        for (int bit = 0; bit < 8 * (whole.length - 8); bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            lenient.arrives(flipped, CLIENT, SERVER);
        }
        assertThat(lenient.open).isEmpty();
        for (int length = 0; length < whole.length; length++) {
            lenient.arrives(Arrays.copyOf(whole, length), CLIENT, SERVER);
        }
        assertThat(lenient.core.stats().counters().keySet()).noneMatch(name -> name.startsWith("requests."));
    }

    @Test
    void lifetimesOfConfigurationsAreChecked() {
        HandClient.Server brief =
                new HandClient.Server(config -> config.withLifetimes(Duration.ofSeconds(5), Duration.ofSeconds(20)));
        HandClient one = new HandClient(brief, CLIENT);
        assertThat(one.allocate().find(StunAttribute.Lifetime.class)).isEqualTo(new StunAttribute.Lifetime(20));
        brief.pass(6 * SECOND);
        assertThat(code(one.refresh(600))).isEqualTo(438);
    }
}
