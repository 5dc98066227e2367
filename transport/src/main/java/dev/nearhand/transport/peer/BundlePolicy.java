package dev.nearhand.transport.peer;

import java.util.List;

/// Which sections of an offer name a transport, and which can live on that of another one only
/// ([RFC 9429 section 4.1.1](https://www.rfc-editor.org/rfc/rfc9429#section-4.1.1)). There is one transport in any
/// case: the policy decides what a program that does not know BUNDLE is left with.
public enum BundlePolicy {
    /// The first section of each kind of media names it.
    BALANCED,
    /// Every section names it.
    MAX_COMPAT,
    /// The first section names it.
    MAX_BUNDLE;

    /// Whether the section at `index` is offered with port 0 and `bundle-only`. Only one that is new: one that stands
    /// is on the bundle's transport already.
    boolean bundlesOnly(List<Section> sections, int index) {
        Section section = sections.get(index);
        if (section.remote != null) {
            return false;
        }
        List<Section> before = sections.subList(0, index).stream()
                .filter(other -> !other.ended)
                .toList();
        return switch (this) {
            case MAX_COMPAT -> false;
            case BALANCED -> before.stream().anyMatch(other -> other.kind == section.kind);
            case MAX_BUNDLE -> !before.isEmpty();
        };
    }
}
