package dev.nearhand.transport.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class SdpFuzzTest {
    /// What is read can be written, and reads back the same.
    @FuzzTest
    void description(byte[] utf8) {
        SdpResult result = SessionDescription.parse(new String(utf8, StandardCharsets.UTF_8));
        if (result instanceof SessionDescription read) {
            assertThat(SessionDescription.parse(read.write())).isEqualTo(read);
            for (MediaDescription section : read.media()) {
                read.isRejected(section);
                read.iceUfrag(section);
                read.setup(section);
                read.fingerprints(section);
                read.candidates(section);
                read.direction(section);
                section.attributes().rids();
                section.attributes().simulcast();
            }
        }
    }

    /// The names of streams, and which of them are one picture: the same.
    @FuzzTest
    void simulcast(byte[] utf8) {
        // what the value of an attribute cannot be never gets here
        String value = new String(utf8, StandardCharsets.UTF_8)
                .replaceAll("[\\r\\n]", " ")
                .strip();
        Simulcast simulcast = Simulcast.parse(value);
        if (simulcast != null) {
            assertThat(Simulcast.parse(simulcast.toAttribute().value())).isEqualTo(simulcast);
        }
        Rid rid = Rid.parse(value);
        if (rid != null) {
            assertThat(Rid.parse(rid.toAttribute().value())).isEqualTo(rid);
        }
    }
}
