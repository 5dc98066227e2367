package dev.nearhand.transport.api;

import dev.nearhand.transport.netty.ProxyServer;

/// A proxy through which connections to TURN servers over TCP and TLS are made, where a network lets nothing else out.
/// It looks up the names of the servers.
///
/// @param url `http://host:port`, which is asked by CONNECT, or `socks5://host:port`
/// @param username empty when the proxy asks for none
/// @param password that belongs to it
public record TcpProxy(String url, String username, String password) {
    /// @throws IllegalArgumentException when the address or the credentials cannot be right, with a sentence that says
    ///     why
    public TcpProxy {
        ProxyServer.parse(url, username, password);
    }

    /// One that asks for no name.
    public static TcpProxy of(String url) {
        return new TcpProxy(url, "", "");
    }

    ProxyServer server() {
        return ProxyServer.parse(url, username, password);
    }

    /// Says no host, no name and no password.
    @Override
    public String toString() {
        return "TcpProxy[" + server().kind() + "]";
    }
}
