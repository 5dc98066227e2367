package dev.nearhand.app.connect;

import dev.nearhand.transport.api.TransportException;

/// What a failure of WHIP or WHEP is called before a person.
final class HttpFailures {
    private HttpFailures() {}

    /// @throws RuntimeException `failure` itself, when it is a mistake of ours
    static ConnectException sentence(RuntimeException failure) {
        Throwable cause =
                failure instanceof TransportException || failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof TransportException known) {
            return new ConnectException(String.valueOf(known.getMessage()), known);
        }
        throw failure;
    }
}
