package dev.nearhand.transport.turn.server;

/// Ports, both ends included.
public record PortRange(int first, int last) {
    /// The dynamic ports, which RFC 8656 section 7.2 recommends.
    public static final PortRange DYNAMIC = new PortRange(49_152, 65_535);

    public PortRange {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException("ports are 1 to 65535, and the first is not behind the last");
        }
    }

    public int size() {
        return last - first + 1;
    }
}
