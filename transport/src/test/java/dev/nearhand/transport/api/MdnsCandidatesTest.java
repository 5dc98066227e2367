package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.interop.OutwardInterface;
import java.net.NetworkInterface;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Over the real sockets of this machine, with multicast on one of its interfaces.
@Timeout(120)
class MdnsCandidatesTest {
    private static String withoutCandidates(SessionDescription description) {
        return description
                .sdp()
                .lines()
                .filter(line -> !line.startsWith("a=candidate:"))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    @Test
    void whoIsToldNamesFindsWhoTellsThemAndLearnsNoAddress() throws Exception {
        try (OutwardInterface _ = new OutwardInterface();
                PeerConnection publisher =
                        PeerConnection.create(PeerConfig.defaults().withMdnsCandidates(true));
                PeerConnection resolver = PeerConnection.create()) {
            CompletableFuture<String> received = new CompletableFuture<>();
            publisher.onDataChannel(channel -> channel.onMessage(message -> received.complete(message.text())));
            DataChannel channel = resolver.createDataChannel("found");
            channel.onOpen(() -> channel.send("by name"));

            SessionDescription offer = resolver.createOffer();
            resolver.setLocalDescription(offer);
            // the publisher knows no address of the resolver: only who looks the names up can begin
            publisher.setRemoteDescription(SessionDescription.offer(withoutCandidates(offer)));
            SessionDescription answer = publisher.createAnswer();
            publisher.setLocalDescription(answer);
            List<String> own = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress()) // one of those stands in the o= line
                    .map(address -> address.getHostAddress().replaceAll("%.*", ""))
                    .toList();
            assertThat(own).isNotEmpty();
            assertThat(answer.sdp()).contains(".local ").doesNotContain(own);
            resolver.setRemoteDescription(answer);

            assertThat(ConnectedPair.await(received)).isEqualTo("by name");
            assertThat(resolver.stats().counters()).containsKey("ice.hostNamesResolved");
            assertThat(publisher.stats().counters()).containsKey("mdns.answered.toAll");
        }
    }
}
