package dev.nearhand.transport.network;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A proxy on loopback that speaks CONNECT and SOCKS5, whichever comes, on real sockets, and that knows one name which
/// nobody else knows. Everything it is asked for is reached on loopback.
public final class TestProxy implements AutoCloseable {
    /// Top-level names of this kind exist nowhere (RFC 6761 section 6.4).
    public static final String NAME = "relay.nearhand.invalid";

    public static final String USERNAME = "nearhand";
    public static final String PASSWORD = "pass:word";

    /// What it does to who asks.
    public enum Manner {
        CONNECTS,
        WANTS_PASSWORD,
        REFUSES,
        IS_SILENT,
        CLOSES
    }

    private static final Pattern CONNECT = Pattern.compile("CONNECT (\\S+):(\\d+) HTTP/1.1\r\n(?s).*");
    private static final int HEAD_LIMIT_BYTES = 8_192;
    private static final int SOCKS_VERSION = 5;
    private static final int SOCKS_NO_AUTHENTICATION = 0;
    private static final int SOCKS_PASSWORD = 2;
    private static final int SOCKS_UNACCEPTABLE = 0xFF;
    private static final int SOCKS_NOT_ALLOWED = 2;
    private static final int IPV4 = 1;

    private final ServerSocket server;
    private final Manner manner;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public TestProxy(Manner manner) {
        this.manner = manner;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// The hosts that were asked for, as they were written.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            int first = in.read();
            if (manner == Manner.CLOSES) {
                return;
            }
            if (manner == Manner.IS_SILENT) {
                in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            Socket far = first == SOCKS_VERSION ? socks(in, out) : http(first, in, out);
            if (far != null) {
                open.add(far);
                Thread.ofVirtual().start(() -> pump(far, client));
                pump(client, far);
            }
        } catch (IOException gone) {
            // the other side is told by the end of its connection
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // both are closed
        }
    }

    private @org.jspecify.annotations.Nullable Socket http(int first, InputStream in, OutputStream out)
            throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(first);
        while (head.size() < HEAD_LIMIT_BYTES
                && !head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.read());
        }
        String text = head.toString(StandardCharsets.US_ASCII);
        Matcher line = CONNECT.matcher(text);
        if (!line.matches()) {
            out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return null;
        }
        asked.add(line.group(1));
        String basic = Base64.getEncoder().encodeToString((USERNAME + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (manner == Manner.WANTS_PASSWORD
                && !text.toLowerCase(java.util.Locale.ROOT)
                        .contains("proxy-authorization: basic " + basic.toLowerCase(java.util.Locale.ROOT))) {
            out.write("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            return null;
        }
        if (manner == Manner.REFUSES) {
            out.write("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return null;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(line.group(2)));
        out.write("HTTP/1.1 200 Yes\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return far;
    }

    private @org.jspecify.annotations.Nullable Socket socks(DataInputStream in, OutputStream out) throws IOException {
        byte[] methods = in.readNBytes(in.read());
        if (manner == Manner.WANTS_PASSWORD) {
            if (new String(methods, StandardCharsets.ISO_8859_1).indexOf(SOCKS_PASSWORD) < 0) {
                out.write(new byte[] {SOCKS_VERSION, (byte) SOCKS_UNACCEPTABLE});
                return null;
            }
            out.write(new byte[] {SOCKS_VERSION, SOCKS_PASSWORD});
            in.read();
            String name = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
            String password = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
            boolean right = name.equals(USERNAME) && password.equals(PASSWORD);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return null;
            }
        } else {
            out.write(new byte[] {SOCKS_VERSION, SOCKS_NO_AUTHENTICATION});
        }
        in.readNBytes(3);
        String host = in.read() == IPV4
                ? InetAddress.getByAddress(in.readNBytes(4)).getHostAddress()
                : new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII);
        asked.add(host);
        int port = in.readUnsignedShort();
        if (manner == Manner.REFUSES) {
            out.write(new byte[] {SOCKS_VERSION, SOCKS_NOT_ALLOWED, 0, IPV4, 0, 0, 0, 0, 0, 0});
            return null;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        out.write(new byte[] {SOCKS_VERSION, 0, 0, IPV4, 0, 0, 0, 0, 0, 0});
        return far;
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
