package dev.nearhand.transport.peer;

import java.util.Set;

/// The payload types by which video comes with parity, as a section names them: RED (RFC 2198) around every packet, and
/// ULPFEC (RFC 5109) inside it. Belongs to all formats of its section.
///
/// @param red 0–127, or [#ABSENT] for no parity at all, as the others
/// @param ulpfec 0–127
/// @param rtx what a packet in RED is sent again as (RFC 4588), or [#ABSENT]
record ParityFormat(int red, int ulpfec, int rtx) {
    static final int ABSENT = -1;
    static final ParityFormat NONE = new ParityFormat(ABSENT, ABSENT, ABSENT);

    static final String RED = "red";
    static final String ULPFEC = "ulpfec";

    boolean isNone() {
        return ulpfec == ABSENT;
    }

    boolean hasRtx() {
        return rtx != ABSENT;
    }

    Set<Integer> ulpfecTypes() {
        return isNone() ? Set.of() : Set.of(ulpfec);
    }
}
