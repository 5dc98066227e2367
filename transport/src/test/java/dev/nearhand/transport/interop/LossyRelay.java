package dev.nearhand.transport.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A bad path between our peer and another program, which know each other only by its two ports: every datagram is
/// late, and of the RTP packets that come to us some are lost.
final class LossyRelay implements AutoCloseable {
    private static final int LARGEST = 65_536;

    private final InetAddress address;
    private final Duration delay;
    private final Random random = new Random(11);
    private final Port ours;
    private final Port foreign;
    private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();

    /// One side of it: whoever sends to it gets what comes to the other.
    private static final class Port {
        final DatagramSocket socket;
        volatile @Nullable SocketAddress peer;

        Port(InetAddress address) throws IOException {
            socket = new DatagramSocket(0, address);
        }
    }

    /// @param address that both can reach
    /// @param delay one way
    /// @param loss how many RTP packets of the other program do not arrive, 0 to 1
    LossyRelay(InetAddress address, Duration delay, double loss) {
        this.address = address;
        this.delay = delay;
        try {
            ours = new Port(address);
            foreign = new Port(address);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(() -> pass(ours, foreign, 0));
        Thread.ofVirtual().start(() -> pass(foreign, ours, loss));
    }

    /// The other program's description as we are to see it.
    String toUs(String sdp) {
        return moved(sdp, ours);
    }

    /// Our description as the other program is to see it.
    String toForeign(String sdp) {
        return moved(sdp, foreign);
    }

    private String moved(String sdp, Port port) {
        String candidate = "a=candidate:1 1 udp 2130706431 " + address.getHostAddress() + " "
                + port.socket.getLocalPort() + " typ host\r\n";
        return sdp.replaceFirst("a=candidate:[^\r\n]*\r?\n", "CANDIDATE\n")
                .replaceAll("a=candidate:[^\r\n]*\r?\n", "")
                .replace("CANDIDATE\n", candidate);
    }

    private void pass(Port from, Port to, double lost) {
        byte[] buffer = new byte[LARGEST];
        while (!from.socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                from.socket.receive(packet);
                from.peer = packet.getSocketAddress();
                byte[] copy = Arrays.copyOf(buffer, packet.getLength());
                if (!isRtp(copy) || random.nextDouble() >= lost) {
                    late.schedule(() -> send(to, copy), delay.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (IOException | RejectedExecutionException closed) {
                return;
            }
        }
    }

    /// RFC 7983 section 7, and RFC 5761 section 4.
    private static boolean isRtp(byte[] packet) {
        return packet.length > 12 && (packet[0] & 0xC0) == 0x80 && ((packet[1] & 0x7F) < 64 || (packet[1] & 0x7F) > 95);
    }

    private static void send(Port port, byte[] packet) {
        SocketAddress peer = port.peer;
        if (peer != null) {
            try {
                port.socket.send(new DatagramPacket(packet, packet.length, peer));
            } catch (IOException unreachable) {
                // lost
            }
        }
    }

    @Override
    public void close() {
        late.shutdownNow();
        ours.socket.close();
        foreign.socket.close();
    }
}
