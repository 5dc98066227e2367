package dev.nearhand.transport.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, (byte) (last >> 16), (byte) (last >> 8), (byte) last});
    }

    @Test
    void aBurstIsTakenAndThenSoManyASecond() throws Exception {
        RateLimit limit = new RateLimit(2);
        InetAddress one = address(1);
        assertThat(IntStream.range(0, 100).filter(_ -> limit.allows(one, 0)).count())
                .isEqualTo(10);
        assertThat(IntStream.range(0, 100)
                        .filter(_ -> limit.allows(one, SECOND))
                        .count())
                .isEqualTo(2);
        assertThat(limit.allows(address(2), SECOND)).as("another address").isTrue();
    }

    @Test
    void addressesThatAskedLongAgoAreForgotten() throws Exception {
        RateLimit limit = new RateLimit(1);
        InetAddress first = address(0);
        IntStream.range(0, 5).forEach(_ -> limit.allows(first, 0));
        assertThat(limit.allows(first, 0)).isFalse();
        for (int i = 1; i <= RateLimit.ADDRESSES_LIMIT; i++) {
            limit.allows(address(i), 0);
        }
        assertThat(limit.allows(first, 0)).as("it begins anew").isTrue();
    }
}
