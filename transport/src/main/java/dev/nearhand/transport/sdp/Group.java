package dev.nearhand.transport.sdp;

import java.util.List;

/// `a=group`: sections that belong together (RFC 5888 section 5).
///
/// @param semantics `BUNDLE`, `LS` …
public record Group(String semantics, List<String> mids) {
    public static final String BUNDLE = "BUNDLE";

    public Group {
        mids = List.copyOf(mids);
    }

    public boolean isBundle() {
        return semantics.equals(BUNDLE);
    }

    public Attribute toAttribute() {
        return new Attribute("group", mids.isEmpty() ? semantics : semantics + " " + String.join(" ", mids));
    }
}
