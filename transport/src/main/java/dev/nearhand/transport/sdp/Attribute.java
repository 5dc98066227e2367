package dev.nearhand.transport.sdp;

/// An `a=` line: `a=name:value`, or `a=name` where the value is empty. Blanks at the end of the line do not count.
public record Attribute(String name, String value) {
    public Attribute {
        SdpText.requireOneLine(name);
        SdpText.requireOneLine(value);
        name = name.strip();
        value = value.stripTrailing();
        if (name.isEmpty() || name.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an attribute's name has characters, and no colon");
        }
    }

    public static Attribute flag(String name) {
        return new Attribute(name, "");
    }

    /// Reads what stands after `a=`; the name must not be empty.
    static Attribute read(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? flag(text) : new Attribute(text.substring(0, colon), text.substring(colon + 1));
    }

    /// What stands after `a=`.
    public String text() {
        return value.isEmpty() ? name : name + ":" + value;
    }
}
