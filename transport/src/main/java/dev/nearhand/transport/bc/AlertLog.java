package dev.nearhand.transport.bc;

import org.bouncycastle.tls.AlertDescription;

/// What the other side said in alerts. Written by whichever thread owns the transport, read by the event loop.
final class AlertLog {
    private volatile boolean closeNotify;
    private volatile String fatal = "";

    void received(boolean isFatal, short description) {
        if (isFatal) {
            fatal = AlertDescription.getName(description);
        } else if (description == AlertDescription.close_notify) {
            closeNotify = true;
        }
    }

    boolean closeNotify() {
        return closeNotify;
    }

    /// The name of the fatal alert, empty when there was none.
    String fatal() {
        return fatal;
    }
}
