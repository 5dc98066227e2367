/// The command line: `nearhand` and its commands.
@NullMarked
package dev.nearhand.app.cli;

import org.jspecify.annotations.NullMarked;
