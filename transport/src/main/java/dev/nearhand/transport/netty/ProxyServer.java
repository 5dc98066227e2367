package dev.nearhand.transport.netty;

import io.netty.channel.ChannelHandler;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A proxy for connections over TCP: HTTP CONNECT ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) section 9.3.6) or
/// SOCKS 5 ([RFC 1928](https://www.rfc-editor.org/rfc/rfc1928)), with basic authentication or a user name and a
/// password ([RFC 1929](https://www.rfc-editor.org/rfc/rfc1929)).
///
/// @param host a name, or an IP address without brackets
/// @param username empty when the proxy asks for none
public record ProxyServer(Kind kind, String host, int port, String username, String password) {
    /// What is spoken with it.
    public enum Kind {
        HTTP,
        SOCKS5
    }

    /// From the first packet to the proxy until it has made the connection.
    static final int CONNECT_LIMIT_MILLIS = 10_000;
    private static final int MAX_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9]+)://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):(\\d{1,5})/?");

    /// Reads `http://host:port` or `socks5://host:port`.
    ///
    /// @throws IllegalArgumentException when it is neither, with a sentence that says what is wrong
    public static ProxyServer parse(String url, String username, String password) {
        Matcher form = FORM.matcher(url.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "a proxy has to look like http://host:port or socks5://host:port, with the"
                            + " user name and the password beside it");
        }
        Kind kind =
                switch (form.group(1).toLowerCase(Locale.ROOT)) {
                    case "http" -> Kind.HTTP;
                    case "socks5", "socks5h" -> Kind.SOCKS5;
                    default -> throw new IllegalArgumentException("only http: and socks5: proxies are known");
                };
        int port = Integer.parseInt(form.group(3));
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("the port of a proxy is 1 to 65535");
        }
        if (username.isEmpty() && !password.isEmpty()) {
            throw new IllegalArgumentException("a password for a proxy needs a user name");
        }
        String host = form.group(2);
        boolean bracketed = host.startsWith("[");
        return new ProxyServer(kind, bracketed ? host.substring(1, host.length() - 1) : host, port, username, password);
    }

    /// Looks the proxy up, which blocks, and makes what asks it for one connection.
    ChannelHandler newHandler() throws UnknownHostException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
        boolean named = !username.isEmpty();
        ProxyHandler handler =
                switch (kind) {
                    case HTTP ->
                        named ? new HttpProxyHandler(address, username, password) : new HttpProxyHandler(address);
                    case SOCKS5 ->
                        named ? new Socks5ProxyHandler(address, username, password) : new Socks5ProxyHandler(address);
                };
        handler.setConnectTimeoutMillis(CONNECT_LIMIT_MILLIS);
        return handler;
    }

    /// Says no host, no name and no password.
    @Override
    public String toString() {
        return "ProxyServer[" + kind + "]";
    }
}
