package dev.nearhand.app.connect;

/// How to connect to a screen.
///
/// @param address as a person types it: a host name or address, with a port or without; IPv6 in brackets or bare
/// @param code its digits count
/// @param viewerName what the person at the host is shown
public record ViewOptions(String address, String code, String viewerName, IceSettings ice) {
    /// Within one network, without servers.
    public ViewOptions(String address, String code, String viewerName) {
        this(address, code, viewerName, IceSettings.none());
    }
}
