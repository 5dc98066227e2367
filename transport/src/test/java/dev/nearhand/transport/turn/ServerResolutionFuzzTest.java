package dev.nearhand.transport.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.dns.DnsRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class ServerResolutionFuzzTest {
    private static final int LARGEST_PORT = 65_535;

    /// Records with any content, each behind its length; a length of 0 ends an answer. Whatever they say, the search
    /// ends, with no more ways than are tried.
    @FuzzTest
    void answers(byte[] input) {
        ByteBuffer bytes = ByteBuffer.wrap(input);
        ServerResolution resolution =
                new ServerResolution(0, ServerUri.parse("turn:example.org"), new SplittableRandom(1));
        int questions = 0;
        for (DnsQuestion next = resolution.pollQuestion(); next != null; next = resolution.pollQuestion()) {
            questions++;
            resolution.answered(next, answer(next, bytes));
        }
        assertThat(questions).isLessThanOrEqualTo(ServerResolution.QUESTIONS_LIMIT);
        assertThat(resolution.isDone()).isTrue();
        assertThat(resolution.candidates()).hasSizeLessThanOrEqualTo(ServerResolution.CANDIDATES_LIMIT);
        assertThat(resolution.candidates())
                .allSatisfy(way -> assertThat(way.address().getPort()).isBetween(1, LARGEST_PORT));
    }

    private static List<DnsRecord> answer(DnsQuestion question, ByteBuffer bytes) {
        List<DnsRecord> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = Math.min(Byte.toUnsignedInt(bytes.get()), bytes.remaining());
            if (length == 0) {
                break;
            }
            ByteBuffer data = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            DnsRecord record = DnsRecord.read(question.name(), type(question, length), data, 0, length);
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }

    private static int type(DnsQuestion question, int length) {
        return switch (question.type()) {
            case NAPTR -> DnsRecord.TYPE_NAPTR;
            case SERVICE -> DnsRecord.TYPE_SRV;
            case ADDRESS -> length == 4 ? DnsRecord.TYPE_A : DnsRecord.TYPE_AAAA;
        };
    }
}
