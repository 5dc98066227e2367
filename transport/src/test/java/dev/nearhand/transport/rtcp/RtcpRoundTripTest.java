package dev.nearhand.transport.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RtcpRoundTripTest {
    private static ByteBuffer write(List<? extends RtcpPacket> packets) {
        ByteBuffer target = ByteBuffer.allocate(65_536);
        RtcpWriter writer = new RtcpWriter(target);
        packets.forEach(writer::write);
        assertThat(writer.length()).isEqualTo(target.position());
        return target.flip();
    }

    private static RtcpCompound parse(String hex) {
        return RtcpReader.parse(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static RtcpPacket some(Random random) {
        int a = random.nextInt();
        int b = random.nextInt();
        return switch (random.nextInt(9)) {
            case 0 ->
                new RtcpPacket.SenderReport(
                        a, random.nextLong(), b, random.nextLong(1L << 32), random.nextLong(1L << 32), blocks(random));
            case 1 -> new RtcpPacket.ReceiverReport(a, blocks(random));
            case 2 ->
                new RtcpPacket.SourceDescription(random.ints(random.nextInt(32))
                        .mapToObj(ssrc -> new RtcpPacket.SourceDescription.Chunk(ssrc, text(random)))
                        .toList());
            case 3 ->
                new RtcpPacket.Goodbye(random.ints(random.nextInt(32)).boxed().toList(), text(random));
            case 4 ->
                new RtcpPacket.GenericNack(
                        a,
                        b,
                        random.ints(random.nextInt(100), 0, 65_536)
                                .sorted()
                                .distinct()
                                .boxed()
                                .toList());
            case 5 -> new RtcpPacket.PictureLossIndication(a, b);
            case 6 ->
                new RtcpPacket.FullIntraRequest(
                        a,
                        random.ints(random.nextInt(5))
                                .mapToObj(ssrc -> new RtcpPacket.FullIntraRequest.Entry(ssrc, random.nextInt(256)))
                                .toList());
            case 7 -> {
                Set<Integer> ssrcs = new LinkedHashSet<>(
                        random.ints(random.nextInt(256)).boxed().toList());
                yield new RtcpPacket.EstimatedMaxBitrate(a, random.nextLong(1 << 18) << random.nextInt(40), ssrcs);
            }
            default ->
                new RtcpPacket.TransportFeedback(
                        a, b, random.nextInt(65_536), random.nextInt(1 << 24), random.nextInt(256), arrivals(random));
        };
    }

    /// Runs of packets that came, or did not, at an even pace or at none.
    private static List<Integer> arrivals(Random random) {
        List<Integer> arrivals = new ArrayList<>();
        int time = 0;
        for (int runs = random.nextInt(8); runs > 0; runs--) {
            boolean came = random.nextInt(3) > 0;
            boolean even = random.nextBoolean();
            for (int left = random.nextInt(random.nextBoolean() ? 5 : 60); left > 0; left--) {
                if (came) {
                    time += even ? random.nextInt(256) : (short) random.nextInt(1 << 16);
                }
                arrivals.add(came ? time : RtcpPacket.TransportFeedback.NOT_RECEIVED);
            }
        }
        return arrivals;
    }

    private static List<ReportBlock> blocks(Random random) {
        return random.ints(random.nextInt(32))
                .mapToObj(ssrc -> new ReportBlock(
                        ssrc,
                        random.nextInt(256),
                        random.nextInt(1 << 24) - (1 << 23),
                        random.nextInt(),
                        random.nextLong(1L << 32),
                        random.nextInt(),
                        random.nextLong(1L << 32)))
                .toList();
    }

    private static String text(Random random) {
        return "x".repeat(random.nextInt(256));
    }

    @Property
    void whatIsWrittenIsRead(@ForAll long seed) {
        Random random = new Random(seed);
        List<RtcpPacket> packets =
                Stream.generate(() -> some(random)).limit(1 + random.nextInt(8)).toList();

        assertThat(RtcpReader.parse(write(packets))).isEqualTo(new RtcpCompound(packets, 0, 0));
    }

    @Property(tries = 200)
    void everyTruncationIsSurvived(@ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer whole = write(List.of(some(random), some(random)));
        for (int length = 0; length < Math.min(whole.limit(), 400); length++) {
            RtcpCompound compound = RtcpReader.parse(whole.slice(0, length));
            assertThat(compound.packets()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Property(tries = 200)
    void everyFlippedBitIsSurvived(@ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer whole = write(List.of(some(random), some(random)));
        for (int bit = 0; bit < Math.min(8 * whole.limit(), 2_000); bit++) {
            whole.put(bit / 8, (byte) (whole.get(bit / 8) ^ 1 << bit % 8));
            RtcpReader.parse(whole);
            whole.put(bit / 8, (byte) (whole.get(bit / 8) ^ 1 << bit % 8));
        }
    }

    @Property
    void anyBytesAreSurvived(@ForAll @Size(max = 200) byte[] bytes) {
        RtcpCompound compound = RtcpReader.parse(ByteBuffer.wrap(bytes));
        assertThat(compound.packets().size() + compound.unknown() + compound.malformed())
                .isLessThanOrEqualTo(RtcpReader.MAX_PACKETS + 1);
    }

    @Test
    void aRembThatAnnounces255SourcesIn20BytesIsMalformed() {
        RtcpCompound compound = parse("8fce0004000000010000000052454d42ff1a20df");

        assertThat(compound.packets()).isEmpty();
        assertThat(compound.malformed()).isEqualTo(1);
    }

    @Test
    void transportFeedbackAboutNoPacketsIsRead() {
        assertThat(parse("8fcd00049acb0442000000000000000000000000").packets())
                .containsExactly(new RtcpPacket.TransportFeedback(0x9acb0442, 0, 0, 0, 0, List.of()));
    }

    @Test
    void transportFeedbackIsReadAsTheDraftDrawsIt() {
        // base 5, 7 packets, reference time 1, feedback 2; a run of 2 small ones, then two bits each for 5 more:
        // missing, large, missing, small, small
        RtcpPacket expected =
                new RtcpPacket.TransportFeedback(1, 2, 5, 1, 2, List.of(4, 12, missing(), -88, missing(), -87, 167));

        RtcpCompound compound = parse(
                "8fcd0007" + "00000001" + "00000002" + "00050007" + "00000102" + "2002" + "c850" + "0408ff9c01fe0000");

        assertThat(compound.packets()).containsExactly(expected);
    }

    private static int missing() {
        return RtcpPacket.TransportFeedback.NOT_RECEIVED;
    }

    @Test
    void transportFeedbackThatAnnouncesTooMuchOrHoldsTooLittleIsMalformed() {
        String head = "00000001" + "00000002" + "0000";
        assertThat(parse("8fcd0005" + head + "ffff" + "00000000" + "1fff1fff").malformed())
                .isEqualTo(1);
        assertThat(parse("8fcd0005" + head + "0009" + "00000000" + "20090102").malformed())
                .isEqualTo(1);
        assertThat(parse("8fcd0005" + head + "0001" + "00000000" + "60010102").malformed()) // reserved
                .isEqualTo(1);
    }

    @Test
    void aNackListIsAsLongAsItsPacketAndNoLonger() {
        List<Integer> lost = Stream.iterate(65_000, sequence -> sequence + 1 & 0xFFFF)
                .limit(10_000)
                .toList();
        ByteBuffer datagram = write(List.of(new RtcpPacket.GenericNack(1, 2, lost)));

        assertThat(datagram.limit()).isEqualTo(12 + 4 * Math.ceilDiv(10_000, 17));
        assertThat(RtcpReader.parse(datagram).packets()).containsExactly(new RtcpPacket.GenericNack(1, 2, lost));
    }

    @Test
    void unknownTypesAreSkippedAndPaddingIsRemoved() {
        RtcpCompound compound = parse("80cc0001" + "00000001" // APP
                + "80d20001" + "12345678" // a type of the future
                + "a1c90008" + "00000001" + "00".repeat(24) + "00000004"); // RR with padding

        assertThat(compound.unknown()).isEqualTo(2);
        assertThat(compound.packets())
                .containsExactly(new RtcpPacket.ReceiverReport(1, List.of(new ReportBlock(0, 0, 0, 0, 0, 0, 0))));
    }

    @Test
    void paddingThatIsNoneIsMalformed() {
        assertThat(parse("a0c90001" + "00000000").malformed()).isEqualTo(1);
        assertThat(parse("a0c90001" + "00000010").malformed()).isEqualTo(1);
        assertThat(parse("a0c90001" + "00000003").malformed()).isEqualTo(1);
        assertThat(parse("a0c90000").malformed()).isEqualTo(1);
    }

    @Test
    void everyFileOfTheCorpusIsSurvived() throws IOException {
        List<byte[]> files = new ArrayList<>();
        Path folder = Requires.corpora().map(corpora -> corpora.resolve("rtcp")).orElse(null);
        if (folder != null) {
            try (Stream<Path> paths = Files.list(folder)) {
                for (Path path : paths.toList()) {
                    files.add(Files.readAllBytes(path));
                }
            }
            assertThat(files).isNotEmpty();
        }
        for (String line : OWN) {
            files.add(HexFormat.of().parseHex(line));
        }
        for (byte[] file : files) {
            RtcpCompound compound = RtcpReader.parse(ByteBuffer.wrap(file));
            if (!compound.packets().isEmpty()) {
                List<RtcpPacket> packets = compound.packets();
                assertThat(RtcpReader.parse(write(packets)).packets()).isEqualTo(packets);
            }
        }
    }

    /// Odd ones: a length beyond the datagram, a count beyond the packet, items without an end.
    private static final List<String> OWN = List.of(
            "80c9ffff00000001",
            "9fc9000100000001",
            "9fca0001deadbeef",
            "81ca0002deadbeef01ff4141",
            "81ca0003deadbeef0102414100000000",
            "9fcb0000",
            "81cb0002deadbeefff414141",
            "81cd000200000001000000020000",
            "84ce0003000000010000000200000003",
            "80c8000000",
            "00",
            "");
}
