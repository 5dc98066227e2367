@org.jspecify.annotations.NullMarked
package dev.nearhand.transport.arch;
