package dev.nearhand.transport.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.Reliability;
import dev.nearhand.transport.sctp.SctpConfig;
import dev.nearhand.transport.sctp.VirtualPair;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// [RFC 8831 section 6.4](https://www.rfc-editor.org/rfc/rfc8831#section-6.4): channels with more priority send more.
class PriorityTest {
    private static final LinkProfile NARROW =
            LinkProfile.perfect().withDelayMillis(5).withRate(10_000_000L, 64 * 1024);
    private static final int MESSAGE = 16 * 1024;
    private static final int COUNT = 64;

    private static DataChannelConfig config(String label, int priority) {
        return new DataChannelConfig(label, "", true, Reliability.RELIABLE, priority, OptionalInt.empty());
    }

    private static void fill(ChannelPair pair, int channel) {
        pair.net.left.run(() -> {
            for (int i = 0; i < COUNT; i++) {
                pair.left.sendBinary(pair.net.now(), channel, ByteBuffer.allocate(MESSAGE));
            }
        });
    }

    /// How many messages of the channel that was filled first had arrived when all of the second had.
    private static long behind(int firstPriority, int secondPriority, boolean interleaving) {
        ChannelPair pair = new ChannelPair(1, NARROW, SctpConfig.defaults().withInterleaving(interleaving));
        int first = pair.open(config("first", firstPriority));
        int second = pair.open(config("second", secondPriority));
        pair.started().awaitEstablished();
        fill(pair, first);
        fill(pair, second);
        long[] arrived = new long[2];
        List<Integer> handles = List.of(1, 2);
        pair.net.right.onEvent = event -> {
            if (event instanceof DataChannelEvent.Message message) {
                arrived[handles.indexOf(message.channel())]++;
            }
        };
        assertThat(pair.net.runUntil(() -> arrived[1] == COUNT, 60 * VirtualPair.SECOND))
                .isTrue();
        return arrived[0];
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChannelOfMorePriorityOvertakesOneThatWasFilledBefore(boolean interleaving) {
        assertThat(behind(256, 1024, interleaving)).isBetween(COUNT / 6L, COUNT / 2L);
        assertThat(behind(128, 0xFFFF, interleaving)).isLessThan(COUNT / 4L);
    }

    @Test
    void equalOnesShare() {
        assertThat(behind(256, 256, true)).isGreaterThan(COUNT * 9L / 10);
    }
}
