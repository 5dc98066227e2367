package dev.nearhand.transport.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitBody;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.OtherParameter;
import dev.nearhand.transport.sctp.packet.Parameter;
import dev.nearhand.transport.sctp.packet.ParameterType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// [RFC 9653](https://www.rfc-editor.org/rfc/rfc9653): no checksum where DTLS finds errors.
class ZeroChecksumTest {
    private static final int BY_DTLS = 1;

    private final HandPeer peer = new HandPeer();

    private static InitBody offering(int method) {
        InitBody plain = HandPeer.init(1 << 20).body();
        List<Parameter> parameters = new ArrayList<>(plain.parameters());
        parameters.add(new OtherParameter(
                ParameterType.ZERO_CHECKSUM_ACCEPTABLE, ByteBuffer.allocate(4).putInt(0, method)));
        return new InitBody(
                plain.initiateTag(),
                plain.windowBytes(),
                plain.outboundStreams(),
                plain.inboundStreams(),
                plain.initialTsn(),
                parameters);
    }

    private static boolean offers(InitBody body) {
        return body.parameters().stream()
                .anyMatch(parameter -> parameter.type() == ParameterType.ZERO_CHECKSUM_ACCEPTABLE);
    }

    private InitAckChunk establish(InitBody init) {
        InitAckChunk ack = (InitAckChunk) peer.give(0, new InitChunk(init)).getFirst();
        peer.tag = ack.body().initiateTag();
        peer.localTsn = ack.body().initialTsn();
        assertThat(peer.unchecked).isFalse();
        peer.give(new CookieEchoChunk(HandPeer.cookie(ack)));
        assertThat(peer.association.state()).isEqualTo(SctpState.ESTABLISHED);
        return ack;
    }

    @Test
    void aPeerThatTakesPacketsWithoutChecksumGetsThem() {
        assertThat(offers(establish(offering(BY_DTLS)).body())).isTrue();
        assertThat(peer.unchecked).isTrue();
        peer.send(1, 100);
        assertThat(peer.drain()).isNotEmpty();
        assertThat(peer.unchecked).isTrue();
    }

    @Test
    void othersGetChecksums() {
        assertThat(offers(establish(HandPeer.init(1 << 20).body()).body())).isFalse();
        assertThat(peer.unchecked).isFalse();
    }

    @Test
    void aMethodThatIsNotDtlsIsNotRelevantHere() {
        assertThat(offers(establish(offering(BY_DTLS + 1)).body())).isFalse();
        assertThat(peer.unchecked).isFalse();
    }

    @Test
    void initAndCookieEchoAlwaysHaveChecksums() {
        peer.association.connect(0);
        InitBody own = ((InitChunk) peer.drain().getFirst()).body();
        assertThat(offers(own)).isTrue();
        assertThat(peer.unchecked).isFalse();
        peer.tag = own.initiateTag();
        List<Parameter> parameters = new ArrayList<>(offering(BY_DTLS).parameters());
        parameters.add(new OtherParameter(ParameterType.STATE_COOKIE, ByteBuffer.allocate(16)));
        List<Chunk> answer = peer.give(new InitAckChunk(new InitBody(HandPeer.PEER_TAG, 1 << 20, 1, 1, 1, parameters)));
        assertThat(HandPeer.only(answer, CookieEchoChunk.class)).hasSize(1);
        assertThat(peer.unchecked).isFalse();
    }

    /// pion/sctp before 1.8.10 drops every INIT and INIT ACK with a parameter it does not know.
    @Test
    void aPeerThatDropsWhatItDoesNotKnowIsAskedAgainWithoutTheParameter() {
        peer.association.connect(0);
        assertThat(offers(((InitChunk) peer.drain().getFirst()).body())).isTrue();
        List<InitChunk> again = HandPeer.only(peer.pass(5_000_000_000L), InitChunk.class);
        assertThat(again).isNotEmpty().noneMatch(init -> offers(init.body()));
    }

    @Test
    void packetsWithoutChecksumAreTaken() {
        establish(offering(BY_DTLS));
        byte[] chunk = new byte[HandPeer.whole(HandPeer.PEER_TSN, 1, 0, "text").sizeBytes()];
        HandPeer.whole(HandPeer.PEER_TSN, 1, 0, "text").toBytes().get(chunk);
        ByteBuffer packet = HandPeer.packet(peer.tag, chunk).putInt(8, 0);
        peer.association.handleDatagram(0, packet, VirtualPair.path(1, 2));
        peer.drain();
        assertThat(peer.received()).containsExactly("text");
    }

    @Test
    void theyAreDroppedWhenThisSideDoesNotWantThem() {
        HandPeer strict = new HandPeer(SctpConfig.defaults().withZeroChecksum(false));
        strict.association.connect(0);
        assertThat(offers(((InitChunk) strict.drain().getFirst()).body())).isFalse();
        strict.established();
        byte[] chunk = new byte[HandPeer.whole(HandPeer.PEER_TSN, 1, 0, "text").sizeBytes()];
        ByteBuffer packet = HandPeer.packet(strict.tag, chunk).putInt(8, 0);
        strict.association.handleDatagram(0, packet, VirtualPair.path(1, 2));
        assertThat(strict.drops(DropReason.BAD_PACKET)).isEqualTo(1);
    }
}
