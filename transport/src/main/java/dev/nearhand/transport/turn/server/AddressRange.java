package dev.nearhand.transport.turn.server;

import java.net.InetAddress;

/// A block of addresses of one family.
///
/// @param prefix an address of the block
/// @param bits how many leading bits its addresses share: 0–32 for IPv4, 0–128 for IPv6
public record AddressRange(InetAddress prefix, int bits) {
    public AddressRange {
        if (bits < 0 || bits > 8 * prefix.getAddress().length) {
            throw new IllegalArgumentException("a prefix of " + bits + " bits is longer than its address");
        }
    }

    /// Reads `10.0.0.0/8`, `fc00::/7`, or a single address.
    ///
    /// @throws IllegalArgumentException when it is none
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress prefix = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        try {
            int bits = slash < 0 ? 8 * prefix.getAddress().length : Integer.parseInt(text.substring(slash + 1));
            return new AddressRange(prefix, bits);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("behind the slash stands no number of bits", noNumber);
        }
    }

    public boolean contains(InetAddress address) {
        byte[] ours = prefix.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += 8) {
            int mask = bits - bit >= 8 ? 0xFF : 0xFF << 8 - (bits - bit) & 0xFF;
            if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /// Says no address.
    @Override
    public String toString() {
        return "AddressRange[/" + bits + "]";
    }
}
