package dev.nearhand.app.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static List<LineReader.Line> lines(String text, int limit) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), limit);
        List<LineReader.Line> all = new ArrayList<>();
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            all.add(line);
        }
        return all;
    }

    @Test
    void linesComeOneByOneTheLastWithoutEndToo() throws IOException {
        assertThat(lines("ä\n\nb", 10))
                .containsExactly(
                        new LineReader.Line("ä", false),
                        new LineReader.Line("", false),
                        new LineReader.Line("b", false));
        assertThat(lines("", 10)).isEmpty();
    }

    @Test
    void onlyWhatIsTooLongIsLost() throws IOException {
        LineReader.Line tooLong = new LineReader.Line("", true);
        assertThat(lines("12345\n123456\n1\n", 5))
                .containsExactly(new LineReader.Line("12345", false), tooLong, new LineReader.Line("1", false));
        assertThat(lines("x".repeat(100_000) + "\nnext\n" + "y".repeat(100_000), 50_000))
                .containsExactly(tooLong, new LineReader.Line("next", false), tooLong);
    }
}
