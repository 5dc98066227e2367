package dev.nearhand.transport.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
    @Test
    void caseDoesNotCount() {
        assertThat(Fingerprint.parse("SHA-256 ab:cd:0f")).isEqualTo(Fingerprint.parse("sha-256 AB:CD:0F"));
        assertThat(Fingerprint.of("sha-256", new byte[] {(byte) 0xAB, 1})).hasToString("sha-256 AB:01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "sha-256", "sha-256 ", "sha-256 AB:C", "sha-256 ABCD", "sha-256 AB:CD extra"})
    void whatIsNoFingerprintIsRefused(String value) {
        assertThat(Fingerprint.parse(value)).isNull();
    }

    @Test
    void aVeryLongOneIsRefused() {
        assertThat(Fingerprint.parse("sha-256 " + "AB:".repeat(1_000) + "AB")).isNull();
    }
}
