package dev.nearhand.transport.interop.matrix;

import java.nio.file.Path;

/// A program of the matrix.
///
/// @param key for choosing it: lower case, one word
/// @param title in the page
/// @param origin where it comes from, for the page
record Row(String key, String title, String origin, Starter starter) {
    /// What is running of a row.
    interface Running extends AutoCloseable {
        /// As the program or its package calls itself.
        String version();

        Cells cells(Role role);

        /// What it said about itself so far.
        String log();

        @Override
        void close();
    }

    @Override
    public String toString() {
        return key;
    }

    /// Starts the program.
    @FunctionalInterface
    interface Starter {
        /// @param folder empty, for whatever it leaves
        /// @throws MissingException when it is not there
        Running start(Path folder) throws Exception;
    }
}
