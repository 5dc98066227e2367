package dev.nearhand.app.cli;

import picocli.CommandLine.Option;

/// The option, for programs that start this one, of every command that goes on until something ends it.
final class LifetimeOption {
    @Option(names = "--until-stdin-closes", hidden = true)
    boolean untilStdinCloses;

    /// A lifetime that ends with Ctrl-C, and with whoever started this process if that is asked for.
    ///
    /// @param resource closed before the process is gone
    Lifetime begin(AutoCloseable resource) {
        Lifetime lifetime = new Lifetime();
        bind(lifetime, resource);
        return lifetime;
    }

    /// As [#begin], where something else may end it too.
    void bind(Lifetime lifetime, AutoCloseable resource) {
        lifetime.closeAtExit(resource);
        if (untilStdinCloses) {
            lifetime.endWhenStdinCloses();
        }
    }
}
