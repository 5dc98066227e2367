package dev.nearhand.transport.sctp.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChunkTest {
    private static final Arbitrary<Integer> U16 = Arbitraries.integers().between(0, 0xFFFF);
    private static final Arbitrary<Integer> I32 = Arbitraries.integers();
    private static final Arbitrary<Long> U32 = Arbitraries.longs().between(0, 0xFFFF_FFFFL);

    private static Arbitrary<ByteBuffer> bytes(int min, int max) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(min)
                .ofMaxSize(max)
                .map(ByteBuffer::wrap);
    }

    private static Arbitrary<ByteBuffer> words(int max) {
        return bytes(0, max).map(buffer -> buffer.slice(0, buffer.remaining() & ~3));
    }

    private static Arbitrary<List<Integer>> ids() {
        return U16.list().ofMaxSize(20);
    }

    private static Arbitrary<Parameter> parameters() {
        return Arbitraries.oneOf(
                Combinators.combine(I32, I32, I32, ids()).as(OutgoingResetRequest::new),
                Combinators.combine(I32, ids()).as(IncomingResetRequest::new),
                Combinators.combine(I32, I32).as(ReconfigResponse::new),
                Combinators.combine(Arbitraries.of(5, 7, 0x8008, 0xC000, 0x4321), bytes(0, 30))
                        .as(OtherParameter::new));
    }

    private static Arbitrary<InitBody> inits() {
        return Combinators.combine(I32, U32, U16, U16, I32, parameters().list().ofMaxSize(4))
                .as(InitBody::new);
    }

    private static Arbitrary<List<ErrorCause>> causes() {
        return Combinators.combine(U16, bytes(0, 20)).as(ErrorCause::new).list().ofMaxSize(3);
    }

    @Provide
    Arbitrary<Chunk> chunks() {
        return Arbitraries.oneOf(List.of(
                Combinators.combine(Arbitraries.integers().between(0, 15), I32, U16, U16, I32, bytes(0, 50))
                        .as(DataChunk::new),
                Combinators.combine(Arbitraries.integers().between(0, 15), I32, U16, I32, I32, bytes(0, 50))
                        .as((flags, tsn, stream, mid, ppidOrFsn, payload) -> {
                            boolean begin = (flags & DataChunk.BEGIN) != 0;
                            return new InterleavedDataChunk(
                                    flags, tsn, stream, mid, begin ? ppidOrFsn : 0, begin ? 0 : ppidOrFsn, payload);
                        }),
                Combinators.combine(
                                I32,
                                Combinators.combine(U16, Arbitraries.of(true, false), I32)
                                        .as(InterleavedForwardTsnChunk.Skipped::new)
                                        .list()
                                        .ofMaxSize(10))
                        .as(InterleavedForwardTsnChunk::new),
                inits().map(InitChunk::new),
                inits().map(InitAckChunk::new),
                Combinators.combine(I32, U32, words(40), words(40)).as(SackChunk::new),
                bytes(0, 40).map(HeartbeatChunk::new),
                bytes(0, 40).map(HeartbeatAckChunk::new),
                Combinators.combine(Arbitraries.of(true, false), causes()).as(AbortChunk::new),
                causes().map(ErrorChunk::new),
                I32.map(ShutdownChunk::new),
                Arbitraries.just(new ShutdownAckChunk()),
                Arbitraries.just(new CookieAckChunk()),
                Arbitraries.of(true, false).map(ShutdownCompleteChunk::new),
                bytes(0, 100).map(CookieEchoChunk::new),
                parameters().list().ofMaxSize(3).map(ReconfigChunk::new),
                Combinators.combine(
                                I32,
                                Combinators.combine(U16, U16)
                                        .as(ForwardTsnChunk.Skipped::new)
                                        .list()
                                        .ofMaxSize(10))
                        .as(ForwardTsnChunk::new),
                Combinators.combine(
                                Arbitraries.of(15, 63, 127, 131, 200),
                                Arbitraries.integers().between(0, 255),
                                bytes(0, 30))
                        .as(UnknownChunk::new)));
    }

    private static byte[] packet(List<Chunk> chunks) {
        int size =
                PacketHeader.BYTES + chunks.stream().mapToInt(Chunk::sizeBytes).sum();
        ByteBuffer packet = ByteBuffer.allocate(size);
        ByteWriter out = new ByteWriter(packet);
        PacketHeader.write(out, 5000, 5001, 42);
        chunks.forEach(chunk -> chunk.write(out));
        PacketHeader.seal(packet.flip());
        return packet.array();
    }

    private static List<Chunk> read(ByteBuffer packet) {
        ChunkReader reader = new ChunkReader(packet);
        List<Chunk> chunks = new ArrayList<>();
        for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    @Property
    void whatIsWrittenIsReadBack(@ForAll("chunks") Chunk first, @ForAll("chunks") Chunk second) {
        byte[] packet = packet(List.of(first, second));
        assertThat(packet.length % 4).isZero();
        assertThat(PacketHeader.isValid(ByteBuffer.wrap(packet))).isTrue();
        assertThat(read(ByteBuffer.wrap(packet))).containsExactly(first, second);
    }

    @Property(tries = 300)
    void everyTruncationAndBitFlipIsSurvivedAndSeen(@ForAll("chunks") Chunk first, @ForAll("chunks") Chunk second) {
        byte[] packet = packet(List.of(first, second));
        for (int length = 0; length < packet.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(packet, 0, length);
            assertThat(PacketHeader.isValid(cut)).isFalse();
            assertThat(read(cut).size()).isLessThanOrEqualTo(2);
        }
        for (int bit = 0; bit < packet.length * 8; bit++) {
            byte[] flipped = packet.clone();
            flipped[bit / 8] = (byte) (flipped[bit / 8] ^ 1 << bit % 8);
            assertThat(PacketHeader.isValid(ByteBuffer.wrap(flipped))).isFalse();
            read(ByteBuffer.wrap(flipped));
        }
    }

    @Property
    void anyBytesAreSurvived(@ForAll byte[] bytes) {
        read(ByteBuffer.wrap(bytes));
        PacketHeader.isValid(ByteBuffer.wrap(bytes));
    }

    /// A COOKIE ACK as usrsctp sends it: the checksum's least significant byte comes first.
    @Example
    void theChecksumIsTheOneOfTheRfc() {
        byte[] digits = "123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(digits);
        assertThat(crc.getValue()).isEqualTo(0xE3069283L); // the check value of CRC-32C
        byte[] packet = packet(List.of(new CookieAckChunk()));
        byte[] zeroed = packet.clone();
        for (int i = 8; i < 12; i++) {
            zeroed[i] = 0;
        }
        crc.reset();
        crc.update(zeroed);
        long sum = crc.getValue();
        assertThat(HexFormat.of().formatHex(packet, 8, 12))
                .isEqualTo(HexFormat.of().toHexDigits(Integer.reverseBytes((int) sum)));
    }

    @Example
    void aParameterBeforeItsLastIsPaddedAndTheLastOneIsNotCounted() {
        ReconfigChunk chunk = new ReconfigChunk(
                List.of(new OutgoingResetRequest(1, 2, 3, List.of(7)), new IncomingResetRequest(4, List.of(8))));
        assertThat(HexFormat.of().formatHex(chunk.toBytes().array()))
                .isEqualTo("82000022" + "000d0012" + "000000010000000200000003" + "00070000" + "000e000a" + "00000004"
                        + "00080000");
    }
}
