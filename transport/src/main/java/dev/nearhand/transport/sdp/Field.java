package dev.nearhand.transport.sdp;

/// A line that is neither `v=`, `o=`, `s=`, `m=` nor `a=`, kept as it came: `i=`, `u=`, `e=`, `p=`, `c=`, `b=`, `t=`,
/// `r=`, `z=`, `k=`, and letters nobody knows yet.
public record Field(char type, String value) {
    /// Where WebRTC programs put the connection address of a section whose candidates say where it really is.
    public static final Field NO_CONNECTION = new Field('c', "IN IP4 0.0.0.0");

    static final Field NO_TIME = new Field('t', "0 0");

    /// The order in which RFC 8866 section 5 wants the lines; letters it does not know come last.
    private static final String ORDER = "iuepcbtrzk";

    public Field {
        if (type < 'a' || type > 'z' || "vosma".indexOf(type) >= 0) {
            throw new IllegalArgumentException("no field of its own: " + type + "=");
        }
        SdpText.requireOneLine(value);
    }

    int order() {
        int index = ORDER.indexOf(type);
        // r= belongs to the t= before it, z= after them: equal ranks keep their order
        return index < 0 ? ORDER.length() : type == 'r' ? ORDER.indexOf('t') : index;
    }
}
