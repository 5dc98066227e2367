package dev.nearhand.testing.interop;

/// A page in a browser without a window, in which a test runs scripts. Any thread may call.
public interface BrowserPage extends AutoCloseable {
    /// Runs a script and waits for its value, and for the promise where that is one.
    ///
    /// @param limit whether [ForeignPeer#PATIENCE] is all it may take; without it, until the page is closed
    /// @throws IllegalStateException when it throws
    String evaluate(String expression, boolean limit);

    /// As the browser calls itself.
    String version();

    /// What it said about itself so far.
    String log();

    @Override
    void close();
}
