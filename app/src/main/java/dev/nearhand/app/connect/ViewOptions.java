package dev.nearhand.app.connect;

import dev.nearhand.app.signaling.CodeGate;

/// How to connect to a screen.
///
/// @param target where that screen is
/// @param code its digits count
/// @param viewerName what the person at the host is shown
public record ViewOptions(Target target, String code, String viewerName, IceSettings ice) {
    /// Where a host is met, as a person types it.
    public sealed interface Target {
        /// The host's own listener.
        ///
        /// @param address a host name or address, with a port or without; IPv6 in brackets or bare
        record Direct(String address) implements Target {}

        /// A rendezvous at which the host has registered; the code says which host.
        ///
        /// @param address such as `ws://name:port`
        record Rendezvous(String address) implements Target {}

        /// What is meant where a person has one field for both: the codes of a rendezvous are longer.
        static Target of(String address, String code) {
            return CodeGate.digits(code).length() > CodeGate.DIGITS ? new Rendezvous(address) : new Direct(address);
        }

        /// What a window is called until the host says its name.
        default String shown() {
            return switch (this) {
                case Direct(String address) -> address;
                case Rendezvous(String address) -> address;
            };
        }
    }

    /// To the host's own listener, without servers.
    public ViewOptions(String address, String code, String viewerName) {
        this(new Target.Direct(address), code, viewerName, IceSettings.none());
    }
}
