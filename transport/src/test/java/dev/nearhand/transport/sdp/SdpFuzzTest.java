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
            }
        }
    }
}
