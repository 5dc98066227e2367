package dev.nearhand.transport.datachannel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.sctp.SendResult;
import dev.nearhand.transport.sctp.VirtualPair;
import dev.nearhand.transport.sim.LinkProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A stream is opened again in the very moment in which its channel is closed, while answers to the resets are still on
/// their way (RFC 8831 section 6.7).
class StreamReuseTest {
    private static final int SEEDS = 300;
    private static final int ROUNDS = 8;

    /// One end of the race: opens the stream again as soon as it may, and the other end answers at once.
    private static final class Race {
        private final ChannelPair pair;
        private final List<String> refused = new ArrayList<>();
        private int round;

        private Race(long seed, LinkProfile line) {
            pair = new ChannelPair(seed, line).started();
            pair.net.left.onEvent = event -> {
                switch (event) {
                    case DataChannelEvent.Message message ->
                        pair.net.left.run(() -> pair.left.close(pair.net.now(), message.channel()));
                    case DataChannelEvent.Closed _ -> next();
                    default -> {}
                }
            };
            pair.net.right.onEvent = event -> {
                switch (event) {
                    case DataChannelEvent.Opened opened -> answer(opened.channel());
                    case DataChannelEvent.SendBufferAvailable _ -> {
                        List<String> again = List.copyOf(refused);
                        refused.clear();
                        again.forEach(handle -> answer(Integer.parseInt(handle)));
                    }
                    default -> {}
                }
            };
        }

        private void next() {
            if (round < ROUNDS) {
                int number = round++;
                int channel = pair.open(DataChannelConfig.reliable("round " + number));
                pair.sendText(channel, "question " + number);
            }
        }

        private void answer(int channel) {
            SendResult[] result = new SendResult[1];
            pair.net.right.run(() -> result[0] = pair.right.sendText(pair.net.now(), channel, "answer"));
            if (result[0] == SendResult.BUFFER_FULL) {
                refused.add(String.valueOf(channel));
            }
        }
    }

    @Test
    void aStreamThatIsOpenedAgainAtOnceCarriesMessagesBothWays() {
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LinkProfile line = LinkProfile.perfect()
                    .withDelayMillis(random.nextDouble(30))
                    .withJitterMillis(random.nextDouble(30))
                    .withLoss(random.nextDouble(0.25))
                    .withDuplicate(random.nextDouble(0.2))
                    .withReorder(random.nextDouble(0.5));
            Race race = new Race(seed, line);
            race.pair.awaitEstablished();
            race.next();
            boolean all = race.pair.net.runUntil(
                    () -> race.pair.atLeft(DataChannelEvent.Closed.class).size() == ROUNDS, 300 * VirtualPair.SECOND);
            race.pair.runFor(300_000);
            assertThat(all)
                    .as("seed %d: %s %s %s", seed, race.round, race.pair.left.stats(), race.pair.right.stats())
                    .isTrue();
            assertThat(ChannelPair.texts(race.pair.atRight(DataChannelEvent.Message.class)))
                    .as("seed %d", seed)
                    .hasSize(ROUNDS);
            assertThat(race.pair.atRight(DataChannelEvent.Closed.class))
                    .as("seed %d", seed)
                    .hasSize(ROUNDS);
        }
    }
}
