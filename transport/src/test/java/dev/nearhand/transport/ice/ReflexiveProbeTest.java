package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.wire.Path;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReflexiveProbeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InetSocketAddress MAPPED = new InetSocketAddress("198.51.100.7", 4_000);
    private static final Path PATH =
            new Path(new InetSocketAddress("10.0.0.2", 5_000), new InetSocketAddress("203.0.113.5", 3_478));

    private final ReflexiveProbe probe = new ReflexiveProbe(0, PATH, new SplittableRandom(1));
    private final ByteBuffer sent = ByteBuffer.allocate(2_048);

    private static final long MILLIS = 1_000_000L;

    private TransactionId asks(long now) {
        assertThat(probe.pollTransmit(now, sent.clear())).isNotNull();
        return StunMessage.parse(sent.flip()) instanceof StunParse.Received received
                ? received.message().transactionId()
                : new TransactionId(0, 0);
    }

    private static byte[] answer(TransactionId id, StunClass answerClass, StunAttribute... attributes) {
        ByteBuffer into = ByteBuffer.allocate(512);
        byte[] bytes = new byte[StunMessage.binding(answerClass, id, attributes).write(into)];
        into.flip().get(bytes);
        return bytes;
    }

    @Test
    void learnsItsAddressAndKeepsTheMappingAlive() {
        byte[] answer = answer(asks(0), StunClass.SUCCESS_RESPONSE, new StunAttribute.XorMappedAddress(MAPPED));
        assertThat(probe.handle(1, ByteBuffer.wrap(answer), PATH)).isTrue();
        assertThat(probe.mapped()).isEqualTo(MAPPED);
        assertThat(probe.isSettled()).isTrue();
        assertThat(probe.pollTransmit(14 * SECOND, sent.clear())).isNull();
        assertThat(probe.pollTransmit(15 * SECOND + 1, sent.clear())).isNotNull();
        assertThat(probe.nextTimeoutNanos()).isEqualTo(30 * SECOND + 1);
    }

    @Test
    void asksTwelveTimesWithoutALongPauseAndGivesUp() {
        List<Long> asked = new ArrayList<>();
        for (long now = 0; !probe.isSettled(); now = probe.nextTimeoutNanos()) {
            probe.handleTimeout(now);
            if (probe.pollTransmit(now, sent.clear()) != null) {
                asked.add(now / MILLIS);
            }
        }
        assertThat(asked)
                .containsExactly(
                        0L, 250L, 750L, 1_750L, 3_350L, 4_950L, 6_550L, 8_150L, 9_750L, 11_350L, 12_950L, 14_550L);
        assertThat(probe.mapped()).isNull();
    }

    @Test
    void anErrorOrAnAnswerWithoutAnAddressSettlesItWithoutOne() {
        byte[] error = answer(asks(0), StunClass.ERROR_RESPONSE, new StunAttribute.ErrorCode(500, ""));
        assertThat(probe.handle(1, ByteBuffer.wrap(error), PATH)).isTrue();
        assertThat(probe.isSettled()).isTrue();
        assertThat(probe.mapped()).isNull();
    }

    @Test
    void anAddressThatCannotBeRightIsNone() {
        for (InetSocketAddress wrong : new InetSocketAddress[] {
            new InetSocketAddress("0.0.0.0", 1),
            new InetSocketAddress("224.0.0.1", 1),
            new InetSocketAddress("198.51.100.7", 0),
            new InetSocketAddress("2001:db8::1", 1)
        }) {
            ReflexiveProbe misled = new ReflexiveProbe(0, PATH, new SplittableRandom(1));
            misled.pollTransmit(0, sent.clear());
            byte[] answer = answer(asksAgain(), StunClass.SUCCESS_RESPONSE, new StunAttribute.XorMappedAddress(wrong));
            assertThat(misled.handle(1, ByteBuffer.wrap(answer), PATH)).isTrue();
            assertThat(misled.mapped()).isNull();
        }
    }

    private TransactionId asksAgain() {
        return StunMessage.parse(sent.flip()) instanceof StunParse.Received received
                ? received.message().transactionId()
                : new TransactionId(0, 0);
    }

    @Test
    void whatIsNotItsAnswerIsLeftToOthers() {
        TransactionId id = asks(0);
        byte[] answer = answer(id, StunClass.SUCCESS_RESPONSE, new StunAttribute.XorMappedAddress(MAPPED));
        Path other = new Path(PATH.local(), new InetSocketAddress("203.0.113.6", 3_478));
        assertThat(probe.handle(1, ByteBuffer.wrap(answer), other)).isFalse();
        for (int length = 0; length < answer.length; length++) {
            assertThat(probe.handle(1, ByteBuffer.wrap(Arrays.copyOf(answer, length)), PATH))
                    .isFalse();
        }
        for (int bit = 32; bit < 160; bit++) { // cookie and transaction id
            byte[] flipped = answer.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(probe.handle(1, ByteBuffer.wrap(flipped), PATH)).isFalse();
        }
        assertThat(probe.handle(1, ByteBuffer.wrap(answer(id, StunClass.REQUEST)), PATH))
                .isFalse();
        assertThat(probe.isSettled()).isFalse();
    }
}
