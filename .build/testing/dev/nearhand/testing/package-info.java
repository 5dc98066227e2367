@org.jspecify.annotations.NullMarked
package dev.nearhand.testing;
