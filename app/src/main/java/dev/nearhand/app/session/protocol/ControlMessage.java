package dev.nearhand.app.session.protocol;

import java.util.Arrays;
import java.util.List;

/// One message of the control protocol, version [ControlProtocol#VERSION] (docs/protocol.md). Each constructor refuses
/// what no honest program sends; sizes are pixels, places are pixels of the shared picture counted from its upper left
/// corner.
public sealed interface ControlMessage {
    /// The first message of each side.
    ///
    /// @param version of the protocol that the sender speaks
    /// @param name of the program or machine, for a person
    /// @param capabilities what the sender can do beyond this version; unknown ones are ignored
    record Hello(int version, String name, List<String> capabilities) implements ControlMessage {
        public static final int NAME_LIMIT = 200;
        public static final int CAPABILITY_LIMIT = 32;

        public Hello {
            capabilities = List.copyOf(capabilities);
            require(version >= 1, "version");
            require(name.length() <= NAME_LIMIT, "name");
            require(capabilities.size() <= CAPABILITY_LIMIT, "capabilities");
            capabilities.forEach(capability -> require(capability.length() <= 64, "capability"));
        }
    }

    /// Host: the shared picture has this size from now on, and these monitors are there.
    record Screen(int width, int height, List<ScreenMonitor> monitors) implements ControlMessage {
        public static final int MONITOR_LIMIT = 16;

        public Screen {
            monitors = List.copyOf(monitors);
            require(width >= 1 && width <= SIDE_LIMIT && height >= 1 && height <= SIDE_LIMIT, "size");
            require(monitors.size() <= MONITOR_LIMIT, "monitors");
        }
    }

    /// One monitor of [Screen], in pixels of the whole desktop, which may be negative.
    record ScreenMonitor(String name, int x, int y, int width, int height, boolean primary, boolean shared) {
        public ScreenMonitor {
            require(name.length() <= 100, "name");
            require(width >= 0 && height >= 0, "size");
        }
    }

    /// Host: what the viewer may do from now on.
    ///
    /// @param reason for a person; may be empty
    record Permission(boolean control, String reason) implements ControlMessage {
        public Permission {
            require(reason.length() <= REASON_LIMIT, "reason");
        }
    }

    /// Host: the cursor looks like this from now on.
    ///
    /// @param pixels rows from the top, 4 bytes a pixel: blue, green, red (each multiplied by alpha), alpha
    record CursorShape(int width, int height, int hotspotX, int hotspotY, byte[] pixels) implements ControlMessage {
        public static final int SIDE_LIMIT = 256;

        public CursorShape {
            require(width >= 1 && width <= SIDE_LIMIT && height >= 1 && height <= SIDE_LIMIT, "size");
            require(hotspotX >= 0 && hotspotX <= SIDE_LIMIT && hotspotY >= 0 && hotspotY <= SIDE_LIMIT, "hotspot");
            require(pixels.length == width * height * 4, "pixels");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof CursorShape shape
                    && width == shape.width
                    && height == shape.height
                    && hotspotX == shape.hotspotX
                    && hotspotY == shape.hotspotY
                    && Arrays.equals(pixels, shape.pixels);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(pixels);
        }

        @Override
        public String toString() {
            return "CursorShape[" + width + "x" + height + "]";
        }
    }

    /// Host: where the hot spot of the cursor is. May come on both channels; a lower `seq` than one seen is old.
    record CursorPosition(long seq, int x, int y, boolean visible) implements ControlMessage {
        public CursorPosition {
            requireSequence(seq);
            requirePlace(x, y);
        }
    }

    /// Host, about once a second while pictures are sent: how long they spend here.
    ///
    /// @param waitMillis from reading the pixels to the encoder, median
    record HostStats(double framesPerSecond, double waitMillis, double encodeMillis) implements ControlMessage {
        public HostStats {
            require(framesPerSecond >= 0 && framesPerSecond < 10_000, "framesPerSecond");
            require(waitMillis >= 0 && waitMillis < 1e6 && encodeMillis >= 0 && encodeMillis < 1e6, "millis");
        }
    }

    /// Viewer: the pointer is here. May come on both channels; a lower `seq` than one seen is old.
    record Pointer(long seq, int x, int y) implements ControlMessage {
        public Pointer {
            requireSequence(seq);
            requirePlace(x, y);
        }
    }

    /// Viewer: a button went down or up at this place. Its `seq` counts with those of [Pointer].
    ///
    /// @param button 1 left, 2 middle, 3 right, 4 back, 5 forward
    record Button(long seq, int x, int y, int button, boolean down) implements ControlMessage {
        public Button {
            requireSequence(seq);
            requirePlace(x, y);
            require(button >= 1 && button <= 5, "button");
        }
    }

    /// Viewer: the wheel turned at this place. Its `seq` counts with those of [Pointer].
    ///
    /// @param dx notches to the right
    /// @param dy notches down
    record Wheel(long seq, int x, int y, double dx, double dy) implements ControlMessage {
        public static final double NOTCH_LIMIT = 100;

        public Wheel {
            requireSequence(seq);
            requirePlace(x, y);
            require(Math.abs(dx) <= NOTCH_LIMIT && Math.abs(dy) <= NOTCH_LIMIT, "notches");
        }
    }

    /// Viewer: a physical key went down or up.
    ///
    /// @param code a `KeyboardEvent.code` value of <https://www.w3.org/TR/uievents-code/>; the host ignores unknown
    ///   ones
    record Key(String code, boolean down) implements ControlMessage {
        public Key {
            require(!code.isEmpty() && code.length() <= 32, "code");
            require(code.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c)), "code");
        }
    }

    /// Viewer: these characters shall arrive in the focused program. A longer text comes in pieces.
    record Text(String text) implements ControlMessage {
        public static final int LENGTH_LIMIT = 4096;

        public Text {
            require(text.length() <= LENGTH_LIMIT, "text");
        }

        /// Says no character: it is what a person typed.
        @Override
        public String toString() {
            return "Text[" + text.length() + "]";
        }
    }

    /// Viewer: nothing is held any more.
    record ReleaseAll() implements ControlMessage {}

    /// Viewer, every 200 ms while a key or button is held: still there. A host that misses it releases everything.
    record Holding() implements ControlMessage {}

    /// Viewer, every two seconds; answered by [Pong] with the same `id`. So each side hears from the other.
    record Ping(long id) implements ControlMessage {
        public Ping {
            requireSequence(id);
        }
    }

    record Pong(long id) implements ControlMessage {
        public Pong {
            requireSequence(id);
        }
    }

    /// Viewer, before input that follows a pause: when it was done.
    ///
    /// @param millis on a clock of the viewer's that only runs forward
    record At(long millis) implements ControlMessage {
        public At {
            requireSequence(millis);
        }
    }

    /// Host: what the viewer shows in order to come back into this session when the connection is lost. The latest
    /// counts.
    record Ticket(String ticket) implements ControlMessage {
        public static final int LENGTH_LIMIT = 64;

        public Ticket {
            require(!ticket.isEmpty() && ticket.length() <= LENGTH_LIMIT, "ticket");
        }

        /// Says no secret.
        @Override
        public String toString() {
            return "Ticket[]";
        }
    }

    /// Host: how to find another path (RFC 8445 section 9); answered by [Answer].
    record Offer(String sdp) implements ControlMessage {
        public Offer {
            require(!sdp.isEmpty(), "sdp");
        }

        /// Says no address.
        @Override
        public String toString() {
            return "Offer[" + sdp.length() + " characters]";
        }
    }

    /// Viewer.
    record Answer(String sdp) implements ControlMessage {
        public Answer {
            require(!sdp.isEmpty(), "sdp");
        }

        /// Says no address.
        @Override
        public String toString() {
            return "Answer[" + sdp.length() + " characters]";
        }
    }

    /// Either side: one more way to reach it (RFC 8838).
    ///
    /// @param candidate as in its attribute: `candidate:…`; empty when there will be no more for now
    record Candidate(String candidate, String mid) implements ControlMessage {
        public Candidate {
            require(candidate.length() <= 1000 && mid.length() <= 64, "candidate");
        }

        /// Says no address.
        @Override
        public String toString() {
            return "Candidate[" + (candidate.isEmpty() ? "end" : "one") + "]";
        }
    }

    /// Viewer: the host shall make an [Offer].
    record Restart() implements ControlMessage {}

    /// Either side, as its last message.
    ///
    /// @param reason a sentence for a person
    record Bye(String reason) implements ControlMessage {
        public Bye {
            require(reason.length() <= REASON_LIMIT, "reason");
        }
    }

    /// The longest side of a picture, pixels.
    int SIDE_LIMIT = 16_383;

    int REASON_LIMIT = 500;

    /// The largest integer that JavaScript counts exactly.
    long SEQUENCE_LIMIT = (1L << 53) - 1;

    private static void requireSequence(long seq) {
        require(seq >= 0 && seq <= SEQUENCE_LIMIT, "seq");
    }

    /// Places may lie outside of the picture (a cursor on another monitor), not beyond any desktop.
    private static void requirePlace(int x, int y) {
        require(Math.abs((long) x) <= 1 << 17 && Math.abs((long) y) <= 1 << 17, "place");
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException(what + " is out of its range");
        }
    }
}
