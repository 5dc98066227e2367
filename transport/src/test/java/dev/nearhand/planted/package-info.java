/// Violations planted for the guards of the architecture to find, laid out like the packages of the transport.
@org.jspecify.annotations.NullMarked
package dev.nearhand.planted;
