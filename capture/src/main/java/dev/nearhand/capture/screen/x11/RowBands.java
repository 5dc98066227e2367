package dev.nearhand.capture.screen.x11;

import java.util.ArrayList;
import java.util.List;

/// The rows of a picture that are out of date, as at most [#LIMIT] bands from top to bottom.
///
/// Whole rows, because the X server can write those straight to their place; and few, because each costs a round trip
/// that is worth about [#WORTH_A_ROUND_TRIP] rows. When there would be more bands, the closest two become one.
final class RowBands {
    static final int LIMIT = 4;
    static final int WORTH_A_ROUND_TRIP = 64;

    private final List<Band> bands = new ArrayList<>();

    /// @param bottom the first row below
    record Band(int top, int bottom) {
        int rows() {
            return bottom - top;
        }
    }

    void add(int top, int bottom) {
        if (bottom <= top) {
            return;
        }
        int first = 0;
        while (first < bands.size() && bands.get(first).bottom() + WORTH_A_ROUND_TRIP < top) {
            first++;
        }
        int newTop = top;
        int newBottom = bottom;
        while (first < bands.size() && bands.get(first).top() <= newBottom + WORTH_A_ROUND_TRIP) {
            Band merged = bands.remove(first);
            newTop = Math.min(newTop, merged.top());
            newBottom = Math.max(newBottom, merged.bottom());
        }
        bands.add(first, new Band(newTop, newBottom));
        if (bands.size() > LIMIT) {
            mergeClosest();
        }
    }

    private void mergeClosest() {
        int closest = 0;
        for (int i = 1; i + 1 < bands.size(); i++) {
            if (gapAfter(i) < gapAfter(closest)) {
                closest = i;
            }
        }
        Band below = bands.remove(closest + 1);
        bands.set(closest, new Band(bands.get(closest).top(), below.bottom()));
    }

    private int gapAfter(int index) {
        return bands.get(index + 1).top() - bands.get(index).bottom();
    }

    List<Band> bands() {
        return List.copyOf(bands);
    }

    void clear() {
        bands.clear();
    }
}
