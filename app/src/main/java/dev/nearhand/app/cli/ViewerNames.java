package dev.nearhand.app.cli;

/// What this machine is called when it asks to see another screen.
final class ViewerNames {
    private ViewerNames() {}

    static String ofThisMachine() {
        String user = System.getProperty("user.name", "");
        return user.isBlank() ? "A Nearhand viewer" : user;
    }
}
