package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.AbortChunk;
import dev.nearhand.transport.sctp.packet.Chunk;
import dev.nearhand.transport.sctp.packet.ChunkReader;
import dev.nearhand.transport.sctp.packet.CookieEchoChunk;
import dev.nearhand.transport.sctp.packet.DataChunk;
import dev.nearhand.transport.sctp.packet.InitAckChunk;
import dev.nearhand.transport.sctp.packet.InitBody;
import dev.nearhand.transport.sctp.packet.InitChunk;
import dev.nearhand.transport.sctp.packet.OtherParameter;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.sctp.packet.Parameter;
import dev.nearhand.transport.sctp.packet.ParameterType;
import dev.nearhand.transport.sctp.packet.ReconfigChunk;
import dev.nearhand.transport.sctp.packet.SackChunk;
import dev.nearhand.transport.wire.ByteWriter;
import dev.nearhand.transport.wire.Transmit;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// An association, and a peer whose every packet the test makes by hand.
final class HandPeer {
    static final int PEER_TAG = 0x1234_5678;
    static final int PEER_TSN = 10;
    static final ByteBuffer NONE = ByteBuffer.allocate(0);

    final SctpAssociation association;
    final List<SctpEvent> events = new ArrayList<>();

    /// The chunks of each packet that came, since the test cleared it.
    final List<List<Chunk>> packets = new ArrayList<>();

    long now;
    int tag;
    int localTsn;

    /// Whether the last packet that came had no checksum.
    boolean unchecked;

    /// Whether this peer offers I-DATA.
    boolean interleaving;

    /// Whether this peer says that it knows PAD.
    boolean padding;

    HandPeer() {
        this(SctpConfig.defaults());
    }

    HandPeer(SctpConfig config) {
        SplittableRandom random = new SplittableRandom(1);
        association = new SctpAssociation(config, VirtualPair.path(1, 2), random.split(), random.split());
    }

    /// This peer speaks I-DATA.
    HandPeer interleaving() {
        interleaving = true;
        return this;
    }

    /// This peer can be asked how large packets may be.
    HandPeer padding() {
        padding = true;
        return this;
    }

    /// Establishes the association from the peer's side.
    HandPeer established() {
        return established(1 << 20);
    }

    HandPeer established(long window) {
        InitAckChunk ack =
                (InitAckChunk) give(0, init(window, interleaving, padding)).getFirst();
        tag = ack.body().initiateTag();
        localTsn = ack.body().initialTsn();
        give(tag, new CookieEchoChunk(cookie(ack)));
        if (association.state() != SctpState.ESTABLISHED) {
            throw new AssertionError("not established: " + association.state());
        }
        return this;
    }

    static InitChunk init(long window) {
        return init(window, false, false);
    }

    static InitChunk init(long window, boolean interleaving, boolean padding) {
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        extensions.writeBytes(new byte[] {(byte) 130, (byte) 192});
        if (interleaving) {
            extensions.writeBytes(new byte[] {64, (byte) 194});
        }
        if (padding) {
            extensions.write(132);
        }
        return new InitChunk(new InitBody(
                PEER_TAG,
                window,
                100,
                100,
                PEER_TSN,
                List.of(
                        new OtherParameter(ParameterType.FORWARD_TSN_SUPPORTED, NONE),
                        new OtherParameter(
                                ParameterType.SUPPORTED_EXTENSIONS, ByteBuffer.wrap(extensions.toByteArray())))));
    }

    static ByteBuffer cookie(InitAckChunk ack) {
        return parameter(ack.body(), ParameterType.STATE_COOKIE);
    }

    static ByteBuffer parameter(InitBody body, int type) {
        for (Parameter parameter : body.parameters()) {
            if (parameter instanceof OtherParameter other && other.type() == type) {
                return other.value();
            }
        }
        throw new AssertionError("no parameter " + type);
    }

    /// Gives a packet to the association and answers all chunks it sends then.
    List<Chunk> give(int verificationTag, Chunk... chunks) {
        ByteBuffer body = ByteBuffer.allocate(4096);
        ByteWriter out = new ByteWriter(body);
        for (Chunk chunk : chunks) {
            chunk.write(out);
        }
        byte[] bytes = new byte[body.flip().remaining()];
        body.get(bytes);
        return giveBytes(verificationTag, bytes);
    }

    List<Chunk> give(Chunk... chunks) {
        return give(tag, chunks);
    }

    /// Chunks as hexadecimal digits, right or wrong, in a packet with a right header.
    List<Chunk> giveHex(String chunks) {
        return giveBytes(tag, HexFormat.of().parseHex(chunks));
    }

    List<Chunk> giveBytes(int verificationTag, byte[] chunks) {
        association.handleDatagram(now, packet(verificationTag, chunks), VirtualPair.path(1, 2));
        return drain();
    }

    static ByteBuffer packet(int verificationTag, byte[] chunks) {
        ByteBuffer packet = ByteBuffer.allocate(PacketHeader.BYTES + chunks.length);
        ByteWriter out = new ByteWriter(packet);
        PacketHeader.write(out, 5000, 5000, verificationTag);
        out.bytes(chunks);
        packet.flip();
        PacketHeader.seal(packet);
        return packet;
    }

    /// Lets time pass, timers fire as they fall due, and answers what was sent meanwhile.
    List<Chunk> pass(long nanos) {
        List<Chunk> sent = new ArrayList<>();
        long end = now + nanos;
        while (association.nextTimeoutNanos() <= end) {
            now = Math.max(now, association.nextTimeoutNanos());
            association.handleTimeout(now);
            sent.addAll(drain());
        }
        now = end;
        return sent;
    }

    List<Chunk> drain() {
        List<Chunk> sent = new ArrayList<>();
        for (SctpEvent event = association.pollEvent(); event != null; event = association.pollEvent()) {
            events.add(event);
        }
        ByteBuffer into = ByteBuffer.allocate(2048);
        for (Transmit next = association.pollTransmit(now, into);
                next != null;
                next = association.pollTransmit(now, into)) {
            ByteBuffer packet = copy(into, next.lengthBytes());
            if (!PacketHeader.isValidOrUnchecked(packet)) {
                throw new AssertionError("a packet that is not valid");
            }
            unchecked = PacketHeader.isUnchecked(packet);
            ChunkReader chunks = new ChunkReader(packet);
            List<Chunk> inPacket = new ArrayList<>();
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                inPacket.add(chunk);
            }
            packets.add(inPacket);
            sent.addAll(inPacket);
        }
        return sent;
    }

    private static ByteBuffer copy(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(0, bytes);
        return ByteBuffer.wrap(bytes);
    }

    SendResult send(int stream, int length) {
        return association.send(
                now, stream, false, Reliability.RELIABLE, 53, ByteBuffer.wrap(SctpPair.bytes(1, length)));
    }

    static DataChunk data(int flags, int tsn, int stream, int ssn, String text) {
        return new DataChunk(flags, tsn, stream, ssn, 53, ByteBuffer.wrap(text.getBytes()));
    }

    /// A whole ordered message.
    static DataChunk whole(int tsn, int stream, int ssn, String text) {
        return data(DataChunk.BEGIN | DataChunk.END, tsn, stream, ssn, text);
    }

    static SackChunk sack(int cumulativeTsn, long window, int... gaps) {
        ByteBuffer blocks = ByteBuffer.allocate(gaps.length * 2);
        for (int gap : gaps) {
            blocks.putShort((short) gap);
        }
        return new SackChunk(cumulativeTsn, window, blocks.flip(), NONE);
    }

    List<String> received() {
        List<String> texts = new ArrayList<>();
        for (SctpEvent event : events) {
            if (event instanceof SctpEvent.MessageReceived message) {
                byte[] bytes = new byte[message.message().remaining()];
                message.message().get(message.message().position(), bytes);
                texts.add(new String(bytes));
            }
        }
        return texts;
    }

    <T extends SctpEvent> List<T> events(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    long drops(DropReason reason) {
        return association.stats().drops().getOrDefault(reason, 0L);
    }

    static <T extends Chunk> List<T> only(List<Chunk> chunks, Class<T> kind) {
        return chunks.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static boolean aborts(List<Chunk> chunks) {
        return !only(chunks, AbortChunk.class).isEmpty();
    }

    static ReconfigChunk reconfig(Parameter parameter) {
        return new ReconfigChunk(List.of(parameter));
    }
}
