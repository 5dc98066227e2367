package dev.nearhand.app.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A VNC server that shares an existing X display, and TigerVNC's viewer.
///
/// @param server the program
/// @param serverOptions after `-display :N -rfbport PORT`, which all of them understand
record VncUnderTest(String name, String server, String serverPackage, List<String> serverOptions)
        implements SystemUnderTest {
    private static final String PORT = "5977";

    static VncUnderTest tigerVnc() {
        // Debian's x0vncserver is a script around this that refuses to run without a password
        String debian = "X0tigervnc";
        return new VncUnderTest(
                "TigerVNC x0vncserver + vncviewer",
                Programs.onPath(debian).isPresent() ? debian : "x0vncserver",
                "tigervnc-scraping-server",
                List.of("-SecurityTypes", "None", "-localhost=0", "-AlwaysShared"));
    }

    static VncUnderTest x11vnc() {
        return new VncUnderTest(
                "x11vnc + vncviewer", "x11vnc", "x11vnc", List.of("-nopw", "-forever", "-shared", "-quiet"));
    }

    @Override
    public Optional<String> problem() {
        return Stream.of(missing(server, serverPackage), missing("vncviewer", "tigervnc-viewer"))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> missing(String program, String debianPackage) {
        return Programs.onPath(program).isPresent()
                ? Optional.empty()
                : Optional.of(program + " is missing; install the package " + debianPackage);
    }

    @Override
    public void start(Lab lab) {
        List<String> command = new ArrayList<>(List.of(server, "-display", lab.hostDisplay(), "-rfbport", PORT));
        command.addAll(serverOptions);
        lab.startHost("host.txt", command);
        // its viewer tries again by itself only after an error dialog, so it waits for the port
        lab.startViewer(
                "viewer.txt",
                List.of(
                        "sh",
                        "-c",
                        "for i in $(seq 100); do bash -c \": < /dev/tcp/$1/$2\" 2>/dev/null && break; sleep 0.1; done; "
                                + "exec vncviewer -SecurityTypes None -Shared -RemoteResize=0 -AlertOnFatalError=0 "
                                + "-ReconnectOnError=0 \"$1::$2\"",
                        "sh",
                        lab.wire().address(),
                        PORT));
    }
}
