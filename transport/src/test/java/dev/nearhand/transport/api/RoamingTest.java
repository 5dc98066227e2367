package dev.nearhand.transport.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A real connection over loopback, one side of which changes its address. No description is exchanged again.
@Timeout(60)
class RoamingTest {
    private static final InetAddress FIRST = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress SECOND = InetAddress.ofLiteral("127.0.0.2");

    @Test
    void messagesGoOnFromAnotherAddressWithoutAnotherExchange() throws Exception {
        AtomicReference<List<InetAddress>> addresses = new AtomicReference<>(List.of(FIRST));
        PeerConfig roaming = PeerConfig.defaults().withLoopback(true).withLocalAddresses(addresses::get);
        PeerConfig fixed = PeerConfig.defaults().withBindAddresses(List.of(FIRST));
        try (PeerConnection viewer = PeerConnection.create(roaming);
                PeerConnection host = PeerConnection.create(fixed)) {
            CompletableFuture<NetworkChange> change = new CompletableFuture<>();
            CompletableFuture<String> heardAfter = new CompletableFuture<>();
            viewer.onNetworkChange(change::complete);
            host.onDataChannel(channel -> channel.onMessage(message -> channel.send(message.text())));
            DataChannel channel = viewer.createDataChannel("talk");
            CompletableFuture<Void> open = new CompletableFuture<>();
            channel.onOpen(() -> open.complete(null));
            channel.onMessage(message -> heardAfter.complete(message.text()));
            SessionDescription offer = viewer.createOffer();
            viewer.setLocalDescription(offer);
            viewer.setRemoteDescription(host.answerAsync(offer).get(20, SECONDS));
            open.get(20, SECONDS);

            addresses.set(List.of(SECOND));
            assertThat(change.get(20, SECONDS)).isEqualTo(new NetworkChange(1, 1));
            channel.send("still here");
            assertThat(heardAfter.get(20, SECONDS)).isEqualTo("still here");
            assertThat(viewer.createOffer().sdp()).contains(" 127.0.0.2 ").doesNotContain(" 127.0.0.1 ");
        }
    }
}
