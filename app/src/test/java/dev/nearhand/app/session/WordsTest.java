package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void cutsBetweenCharactersAndNeverInsideOne() {
        assertThat(Words.bounded("ab😀", 3)).isEqualTo("ab");
        assertThat(Words.bounded("ab😀", 4)).isEqualTo("ab😀");
    }

    @Test
    void aNameFromElsewhereStaysOnItsLineAndReadsForward() {
        assertThat(Words.plain("Eve\nAllow: yes\u202Egnihton\u0000", 80)).isEqualTo("Eve Allow: yes gnihton");
    }
}
