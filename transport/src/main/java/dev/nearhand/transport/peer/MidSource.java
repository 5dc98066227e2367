package dev.nearhand.transport.peer;

import java.util.List;

/// Names for sections. A section in the place of another one has "a new, unique mid" (RFC 9429 section 5.2.2): none
/// that stands, and none that has stood.
final class MidSource {
    /// Longer numbers are some other program's names.
    private static final int DIGITS = 6;

    private int next;

    /// These names have been used.
    void used(List<Section> sections) {
        for (Section section : sections) {
            if (section.mid.length() <= DIGITS && section.mid.chars().allMatch(c -> c >= '0' && c <= '9')) {
                next = section.mid.isEmpty() ? next : Math.max(next, Integer.parseInt(section.mid) + 1);
            }
        }
    }

    /// A name that none of these has.
    String free(List<Section> taken) {
        for (int number = next; ; number++) {
            String mid = Integer.toString(number);
            if (taken.stream().noneMatch(section -> section.mid.equals(mid))) {
                return mid;
            }
        }
    }
}
