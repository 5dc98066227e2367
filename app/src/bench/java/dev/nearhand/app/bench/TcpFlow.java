package dev.nearhand.app.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/// One TCP flow of the system's, to share a line with: sends as fast as it can for some seconds, and the receiving end
/// prints bytes and seconds.
///
/// The sender asks for CUBIC by the option TCP_CONGESTION of Linux, which Java's sockets do not have, and prints what
/// the system has given it. That may be another one: a system takes only what it has, and for a process without
/// privileges what stands in `net.ipv4.tcp_allowed_congestion_control`.
final class TcpFlow {
    private static final int PORT = 7_777;
    private static final int BLOCK_BYTES = 64 << 10;

    private TcpFlow() {}

    /// @param arguments `send ADDRESS SECONDS`, or `receive`
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("send")) {
            send(arguments[1], Integer.parseInt(arguments[2]));
        } else {
            receive();
        }
    }

    private static void send(String address, int seconds) throws IOException {
        try (NativeTcpSocket socket = new NativeTcpSocket()) {
            socket.askForCongestionControl("cubic");
            IO.println(socket.congestionControl());
            socket.connect(new InetSocketAddress(address, PORT));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            byte[] block = new byte[BLOCK_BYTES];
            while (System.nanoTime() < end) {
                socket.write(block);
            }
        }
    }

    private static void receive() throws IOException {
        try (ServerSocket server = new ServerSocket(PORT)) {
            IO.println("listening");
            try (Socket socket = server.accept()) {
                byte[] block = new byte[BLOCK_BYTES];
                long bytes = 0;
                long start = System.nanoTime();
                for (int read = socket.getInputStream().read(block);
                        read > 0;
                        read = socket.getInputStream().read(block)) {
                    bytes += read;
                }
                IO.println(bytes + " " + (System.nanoTime() - start) / 1e9);
            }
        }
    }
}
