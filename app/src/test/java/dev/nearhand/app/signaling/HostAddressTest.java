package dev.nearhand.app.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.7|192.0.2.7|47800",
                "192.0.2.7:5000|192.0.2.7|5000",
                " desk.example:1 |desk.example|1",
                "desk|desk|47800",
                "bücher.example:80|bücher.example|80",
                "[2001:db8::7]:5000|2001:db8::7|5000",
                "[::1]|::1|47800",
                "2001:db8::7|2001:db8::7|47800",
                "::1|::1|47800"
            })
    void isReadAsAPersonTypesIt(String typed, String host, int port) {
        assertThat(HostAddress.parse(typed)).contains(new HostAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ":80", "a:0", "a:65536", "a:b", "a:1:b", "http://a", "a/b", "a b", "[::1", "a@b:1"})
    void isRefusedWhenItIsNone(String typed) {
        assertThat(HostAddress.parse(typed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7:5000", "[2001:db8::7]:5000", "desk:47800"})
    void isWrittenAsItIsRead(String typed) {
        assertThat(HostAddress.parse(typed).orElseThrow()).hasToString(typed);
    }
}
