package dev.nearhand.transport.netty;

import io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import io.netty.handler.proxy.ProxyConnectException;

/// Why a proxy has opened no connection, with a sentence that says what can be done and names nobody.
enum ProxyFailure {
    NO_ADDRESS("the name of the proxy has no address; check its spelling and the network"),
    UNREACHABLE("the proxy cannot be reached; check its host, its port and the network"),
    CREDENTIALS("the proxy wants a user name and a password, or others than these; it is told them in HTTP's Basic way"
            + " or in that of SOCKS5, no other"),
    REFUSED("the proxy does not connect to the TURN server; ask who runs it to allow the server's host and port"),
    SILENT("the proxy has not answered in time; check that its port is that of a proxy, and of this kind"),
    CLOSED("the proxy has closed the connection instead of answering; check that its port is that of a proxy, and of"
            + " this kind");

    private final String sentence;

    ProxyFailure(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }

    /// Netty tells most reasons apart only by the words at the end of its message, whose beginning holds addresses.
    static ProxyFailure of(Throwable cause) {
        if (!(cause instanceof ProxyConnectException)) {
            return UNREACHABLE;
        }
        String message = String.valueOf(cause.getMessage());
        if (message.endsWith(", timeout")) {
            return SILENT;
        }
        if (message.endsWith(", disconnected")) {
            return CLOSED;
        }
        boolean asksForPassword = cause instanceof HttpProxyConnectException
                ? message.contains("status: 407") || message.contains("status: 401")
                : message.contains("authMethod: ") || message.contains("authStatus: ");
        return asksForPassword ? CREDENTIALS : REFUSED;
    }
}
