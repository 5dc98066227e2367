package dev.nearhand.capture.x11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nearhand.testing.Xvfb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PixelProbeTest {
    @Test
    void seesEachPixelOfItsRectangleAsItIsNow() {
        try (Xvfb xvfb = Xvfb.start(200, 100);
                X11Painter painter = new X11Painter(xvfb.display(), 200, 100);
                PixelProbe probe = new PixelProbe(xvfb.display(), new Area(150, 90, 50, 10))) {
            painter.fill(199, 99, 1, 1, 0xABCDEF);
            probe.read();
            assertThat(probe.rgb(49, 9)).isEqualTo(0xABCDEF);
            assertThat(probe.rgb(48, 9)).isZero();
            painter.fill(0, 0, 200, 100, 0x010203);
            assertThat(probe.rgb(49, 9)).isEqualTo(0xABCDEF);
            probe.read();
            assertThat(probe.rgb(49, 9)).isEqualTo(0x010203);
        }
    }

    @Test
    void aRectangleOutsideTheScreenIsRefusedAndTheProcessLives() {
        try (Xvfb xvfb = Xvfb.start(200, 100);
                PixelProbe probe = new PixelProbe(xvfb.display(), new Area(190, 90, 50, 50))) {
            assertThatThrownBy(probe::read)
                    .isInstanceOf(X11Exception.class)
                    .hasMessageContaining("not inside the screen");
        }
    }

    @Test
    void theEndOfTheXServerIsAnException() {
        try (Xvfb xvfb = Xvfb.start(200, 100);
                PixelProbe probe = new PixelProbe(xvfb.display(), new Area(0, 0, 5, 5))) {
            probe.read();
            xvfb.kill();
            assertThatThrownBy(probe::read)
                    .isInstanceOfSatisfying(X11Exception.class, failure -> assertThat(failure.gone())
                            .isTrue());
        }
    }
}
