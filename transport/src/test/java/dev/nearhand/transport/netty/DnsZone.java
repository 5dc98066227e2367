package dev.nearhand.transport.netty;

import dev.nearhand.transport.dns.DnsName;
import dev.nearhand.transport.dns.DnsRecord;
import dev.nearhand.transport.wire.ByteReader;
import dev.nearhand.transport.wire.ByteWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A name server on the loopback interface, over UDP and TCP, that says what it is told to, right or wrong.
final class DnsZone implements AutoCloseable {
    static final int TYPE_CNAME = 5;
    private static final int NO_SUCH_NAME = 3;
    private static final int TRUNCATED_FLAG = 0x0200;
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private record Key(String name, int type) {}

    /// @param type as on the wire
    private record Raw(String name, int type, byte[] data) {}

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<Key, List<Raw>> records = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile boolean truncates;
    private volatile byte[] garbage = {};
    private volatile boolean silent;

    DnsZone() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        udp = socket;
        tcp = new ServerSocket(socket.getLocalPort(), 5, LOOPBACK);
        Thread.ofVirtual().start(this::serveUdp);
        Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(LOOPBACK, udp.getLocalPort());
    }

    /// By name, type and transport, such as `example.org 33 udp`.
    List<String> asked() {
        return asked;
    }

    /// Says over UDP that what it has does not fit.
    void truncate() {
        truncates = true;
    }

    /// Answers with these bytes behind the identifier of the question.
    void answerWith(String hex) {
        garbage = HexFormat.of().parseHex(hex);
    }

    void fallSilent() {
        silent = true;
    }

    void srv(String name, int priority, int weight, int port, String target) {
        ByteWriter data = writer();
        data.u16(priority).u16(weight).u16(port);
        DnsName.write(data, target);
        add(name, DnsRecord.TYPE_SRV, data);
    }

    void naptr(String name, int order, String flags, String services, String replacement) {
        ByteWriter data = writer();
        data.u16(order).u16(0);
        for (String text : List.of(flags, services, "")) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            data.u8(bytes.length).bytes(bytes);
        }
        DnsName.write(data, replacement);
        add(name, DnsRecord.TYPE_NAPTR, data);
    }

    /// For questions of a type about a name, which is said to be another one's.
    void cname(String name, int type, String canonical) {
        ByteWriter data = writer();
        DnsName.write(data, canonical);
        addFor(new Key(name, type), new Raw(name, TYPE_CNAME, bytes(data)));
    }

    private ByteBuffer buffer = ByteBuffer.allocate(0);

    private ByteWriter writer() {
        buffer = ByteBuffer.allocate(1_000);
        return new ByteWriter(buffer);
    }

    private byte[] bytes(ByteWriter ignored) {
        return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void add(String name, int type, ByteWriter data) {
        addFor(new Key(name, type), new Raw(name, type, bytes(data)));
    }

    private synchronized void addFor(Key key, Raw raw) {
        records.computeIfAbsent(key, _ -> new ArrayList<>()).add(raw);
    }

    private synchronized List<Raw> find(Key key) {
        return List.copyOf(records.getOrDefault(key, List.of()));
    }

    private void serveUdp() {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        try {
            while (true) {
                udp.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()), "udp");
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                try (Socket client = tcp.accept()) {
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    byte[] answer = answer(ByteBuffer.wrap(in.readNBytes(in.readUnsignedShort())), "tcp");
                    client.getOutputStream()
                            .write(ByteBuffer.allocate(2 + answer.length)
                                    .putShort((short) answer.length)
                                    .put(answer)
                                    .array());
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private byte[] answer(ByteBuffer question, String transport) {
        ByteReader reader = new ByteReader(question);
        int id = reader.u16();
        reader.skip(10);
        String name = String.valueOf(DnsName.read(question, reader));
        int type = reader.u16();
        asked.add(name + " " + type + " " + transport);
        if (silent) {
            return new byte[0];
        }
        ByteBuffer into = ByteBuffer.allocate(20_000);
        ByteWriter writer = new ByteWriter(into);
        if (garbage.length > 0) {
            writer.u16(id).bytes(garbage);
            return java.util.Arrays.copyOf(into.array(), into.position());
        }
        boolean isCut = truncates && transport.equals("udp");
        List<Raw> found = isCut ? List.of() : find(new Key(name, type));
        int flags = 0x8180 | (isCut ? TRUNCATED_FLAG : found.isEmpty() ? NO_SUCH_NAME : 0);
        writer.u16(id).u16(flags).u16(1).u16(found.size()).u16(0).u16(0);
        DnsName.write(writer, name);
        writer.u16(type).u16(1);
        for (Raw raw : found) {
            DnsName.write(writer, raw.name);
            writer.u16(raw.type).u16(1).u32(60).u16(raw.data.length).bytes(raw.data);
        }
        return java.util.Arrays.copyOf(into.array(), into.position());
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
