package dev.nearhand.testing.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Finds out what a NAT does, as [RFC 5780 section 4](https://www.rfc-editor.org/rfc/rfc5780#section-4) has it, with a
/// program inside and one outside. Each ends after a minute at the latest.
public final class NatProbe {
    private static final int PORT = 7_001;
    private static final int OTHER_PORT = 7_002;
    private static final int UNKNOWN_PORT = 7_003;
    private static final int ANSWER_LIMIT_MILLIS = 5_000;
    private static final int STRANGER_LIMIT_MILLIS = 300;
    private static final int LIFE_LIMIT_MILLIS = 60_000;
    private static final int LONGEST = 100;

    private NatProbe() {}

    /// `serve` outside; `ask` inside, which prints the three outer addresses that it was seen with by two addresses and
    /// by two ports, and then which strangers got in.
    public static void main(String[] args) throws IOException {
        if (args[0].equals("serve")) {
            serve();
        } else {
            ask();
        }
    }

    private static InetSocketAddress server(int index, int port) {
        return new InetSocketAddress(NetworkLab.SERVERS.get(index), port);
    }

    private static void serve() throws IOException {
        try (DatagramSocket strangePort = new DatagramSocket(server(0, UNKNOWN_PORT));
                DatagramSocket strangeAddress = new DatagramSocket(server(2, PORT));
                DatagramSocket second = new DatagramSocket(server(0, OTHER_PORT));
                DatagramSocket third = new DatagramSocket(server(1, PORT));
                DatagramSocket first = new DatagramSocket(server(0, PORT))) {
            for (DatagramSocket socket : List.of(second, third)) {
                Thread.ofVirtual().start(() -> answerForEver(socket));
            }
            IO.println("ready");
            first.setSoTimeout(LIFE_LIMIT_MILLIS);
            while (true) {
                DatagramPacket question = answer(first);
                if (text(question).equals("strangers")) {
                    send(strangePort, "port", question.getSocketAddress());
                    send(strangeAddress, "address", question.getSocketAddress());
                }
            }
        } catch (SocketTimeoutException done) {
            IO.println("nobody asks any more");
        }
    }

    private static void answerForEver(DatagramSocket socket) {
        try {
            while (true) {
                answer(socket);
            }
        } catch (IOException closed) {
            // the program ends
        }
    }

    private static DatagramPacket answer(DatagramSocket socket) throws IOException {
        DatagramPacket question = receive(socket);
        InetSocketAddress from = (InetSocketAddress) question.getSocketAddress();
        send(socket, from.getAddress().getHostAddress() + ":" + from.getPort(), from);
        return question;
    }

    private static void ask() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            List<String> seenAs = new ArrayList<>();
            for (InetSocketAddress server : List.of(server(0, PORT), server(0, OTHER_PORT), server(1, PORT))) {
                send(socket, "who am I", server);
                seenAs.add(text(receive(socket)));
            }
            IO.println("seen as " + String.join(" ", seenAs));
            send(socket, "strangers", server(0, PORT));
            List<String> gotIn = new ArrayList<>();
            receive(socket); // the answer
            socket.setSoTimeout(STRANGER_LIMIT_MILLIS);
            try {
                while (true) {
                    gotIn.add(text(receive(socket)));
                }
            } catch (SocketTimeoutException nobodyElse) {
                gotIn.sort(null);
                IO.println("strangers let in: " + String.join(" ", gotIn));
            }
        }
    }

    private static void send(DatagramSocket socket, String text, java.net.SocketAddress to) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
