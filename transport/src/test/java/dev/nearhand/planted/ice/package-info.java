@org.jspecify.annotations.NullMarked
package dev.nearhand.planted.ice;
