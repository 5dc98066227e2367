package dev.nearhand.transport.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nearhand.transport.api.ConnectionState;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;

public final class Connect {
    public static void main(String[] args) throws InterruptedException {
        try (PeerConnection connection = PeerConnection.create()) {
            CountDownLatch connected = new CountDownLatch(1);
            connection.onStateChange((state, reason) -> {
                IO.println(state + ": " + reason);
                if (state == ConnectionState.CONNECTED) {
                    connected.countDown();
                }
            });

            SessionDescription offer = connection.createOffer();
            connection.setLocalDescription(offer);
            IO.println(Base64.getEncoder().encodeToString(offer.sdp().getBytes(UTF_8))); // carry it to the other side

            String answer = new String(Base64.getDecoder().decode(IO.readln()), UTF_8); // and its answer back
            connection.setRemoteDescription(SessionDescription.answer(answer));
            connected.await();
        }
    }
}
