package dev.nearhand.transport.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class CandidateFuzzTest {
    /// What is read can be written, and reads back the same.
    @FuzzTest
    void line(byte[] utf8) {
        String line = new String(utf8, StandardCharsets.UTF_8);
        Candidate.isEndOfCandidates(line);
        Candidate candidate = Candidate.parse(line);
        if (candidate != null) {
            assertThat(Candidate.parse(candidate.toAttribute())).isEqualTo(candidate);
        }
    }
}
