package dev.nearhand.capture.screen.x11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.capture.screen.x11.RowBands.Band;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RowBandsTest {
    @Test
    void farRowsStayApartAndNearOnesBecomeOneBand() {
        RowBands bands = new RowBands();
        bands.add(500, 520);
        bands.add(0, 10);
        bands.add(530, 540);
        bands.add(7, 7);
        assertThat(bands.bands()).containsExactly(new Band(0, 10), new Band(500, 540));
    }

    @Test
    void beyondTheLimitTheClosestBecomeOne() {
        RowBands bands = new RowBands();
        for (int top : new int[] {0, 1000, 2000, 3000, 3200}) {
            bands.add(top, top + 1);
        }
        assertThat(bands.bands())
                .containsExactly(new Band(0, 1), new Band(1000, 1001), new Band(2000, 2001), new Band(3000, 3201));
    }

    @Property
    void everyRowAddedIsCoveredByFewDisjointBands(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 2000) Integer> tops) {
        RowBands bands = new RowBands();
        BitSet added = new BitSet();
        for (int top : tops) {
            bands.add(top, top + 7);
            added.set(top, top + 7);
        }
        BitSet covered = new BitSet();
        int last = -1;
        for (Band band : bands.bands()) {
            assertThat(band.top()).isGreaterThan(last);
            covered.set(band.top(), band.bottom());
            last = band.bottom();
        }
        assertThat(bands.bands()).hasSizeLessThanOrEqualTo(RowBands.LIMIT);
        added.andNot(covered);
        assertThat(added.isEmpty()).isTrue();
    }
}
