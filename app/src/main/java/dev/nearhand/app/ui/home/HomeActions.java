package dev.nearhand.app.ui.home;

/// What the home window can ask for. Answers come through the view model, on the FX thread.
public interface HomeActions {
    void startSharing();

    void stopSharing();

    /// @param address as typed, trimmed: a host name or address, with a port or without
    /// @param code only its digits
    void connect(String address, String code);

    void cancelConnecting();
}
