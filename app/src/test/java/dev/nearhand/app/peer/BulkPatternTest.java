package dev.nearhand.app.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BulkPatternTest {
    private static ByteBuffer message(BulkPattern pattern, int index) {
        ByteBuffer copy = ByteBuffer.allocate(pattern.size());
        pattern.with(index, message -> copy.put(0, message, 0, copy.capacity()));
        return copy;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 70_000, Integer.MAX_VALUE})
    void aMessageIsAsTheContractWordsIt(int index) {
        ByteBuffer message = message(new BulkPattern(600), index);

        assertThat(message.getInt(0)).isEqualTo(index);
        for (int at = 4; at < 600; at++) {
            assertThat(message.get(at)).isEqualTo((byte) (index + at));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 300, 599})
    void aWrongByteIsFound(int at) {
        BulkPattern pattern = new BulkPattern(600);
        ByteBuffer message = message(pattern, 77);
        assertThat(pattern.difference(message)).isEqualTo(-1);

        message.put(at, (byte) (message.get(at) + 1));

        assertThat(pattern.difference(message)).isEqualTo(at);
    }

    @Test
    void oneMessageLeavesNoTraceInTheNext() {
        BulkPattern pattern = new BulkPattern(64);
        message(pattern, 0x7FFF_FFFF);

        assertThat(message(pattern, 0x7FFF_FFFE)).isEqualTo(message(new BulkPattern(64), 0x7FFF_FFFE));
    }

    @Test
    void aLabelSurvivesItsText() {
        for (double seconds : new double[] {0, 2, 0.25, 3600}) {
            BulkLabel label = new BulkLabel("a run", seconds, seconds > 1);
            assertThat(BulkLabel.parse(label.text())).contains(label);
        }
        for (String other : new String[] {"bulk", "bulk||0|0", "bulk|r|x|0", "bulk|r|9999|0", "bulk|r|0|2", "main"}) {
            assertThat(BulkLabel.parse(other)).isEqualTo(Optional.empty());
        }
    }
}
