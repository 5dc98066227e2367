package dev.nearhand.transport.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nearhand.transport.api.DataChannel;
import dev.nearhand.transport.api.PeerConnection;
import dev.nearhand.transport.api.SessionDescription;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;

public final class HelloDataChannel {
    public static void main(String[] args) throws InterruptedException {
        try (PeerConnection connection = PeerConnection.create()) {
            CountDownLatch answered = new CountDownLatch(1);
            DataChannel channel = connection.createDataChannel("chat");
            channel.onOpen(() -> channel.send("Hello, World!"));
            channel.onMessage(message -> {
                IO.println("received: " + message.text());
                answered.countDown();
            });

            SessionDescription offer = connection.createOffer();
            connection.setLocalDescription(offer);
            IO.println(Base64.getEncoder().encodeToString(offer.sdp().getBytes(UTF_8))); // carry it to the other side

            String answer = new String(Base64.getDecoder().decode(IO.readln()), UTF_8); // and its answer back
            connection.setRemoteDescription(SessionDescription.answer(answer));
            answered.await();
        }
    }
}
