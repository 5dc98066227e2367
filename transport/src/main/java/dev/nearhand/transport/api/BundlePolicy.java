package dev.nearhand.transport.api;

/// Which sections of an offer name a transport, and which can live on that of another section only (RFC 9429 section
/// 4.1.1). All share one transport here in any case: the policy decides what a program that does not know BUNDLE is
/// left with.
public enum BundlePolicy {
    /// The first section of each kind of media names it, as browsers do unless told otherwise.
    BALANCED,
    /// Every section names it.
    MAX_COMPAT,
    /// The first section names it.
    MAX_BUNDLE
}
