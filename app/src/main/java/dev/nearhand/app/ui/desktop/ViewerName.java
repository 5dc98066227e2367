package dev.nearhand.app.ui.desktop;

import java.util.Optional;

/// What this machine is called when it asks to see another screen.
final class ViewerName {
    private ViewerName() {}

    static String ofThisMachine() {
        String user = System.getProperty("user.name", "");
        String machine = Optional.ofNullable(System.getenv("HOSTNAME"))
                .or(() -> Optional.ofNullable(System.getenv("COMPUTERNAME")))
                .orElse("");
        if (user.isBlank()) {
            return machine.isBlank() ? "A Nearhand viewer" : machine;
        }
        return machine.isBlank() ? user : user + " on " + machine;
    }
}
