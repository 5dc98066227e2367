package dev.nearhand.app.cli;

/// What the program says to whoever started it.
public final class ExitCode {
    public static final int OK = 0;
    /// It was tried and did not succeed, or ended before it should.
    public static final int FAILED = 1;
    /// The command line cannot be understood.
    public static final int USAGE = 2;
    /// This machine lacks something; `nearhand doctor` says what.
    public static final int MISSING = 3;
    /// The display went away while a window was open on it.
    public static final int DISPLAY_LOST = 4;

    private ExitCode() {}
}
