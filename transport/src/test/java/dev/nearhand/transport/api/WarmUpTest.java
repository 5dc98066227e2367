package dev.nearhand.transport.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmUpTest {
    @Test
    void connectsThisProgramWithItself() throws InterruptedException {
        assertThat(WarmUp.connect()).isTrue();
    }
}
