@org.jspecify.annotations.NullMarked
package dev.nearhand.app.connect;
