/// The complete programs that docs/examples.md shows.
@org.jspecify.annotations.NullMarked
package dev.nearhand.transport.examples;
