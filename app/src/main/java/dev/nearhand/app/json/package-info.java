/// Messages as records, in JSON, read without trust.
@NullMarked
package dev.nearhand.app.json;

import org.jspecify.annotations.NullMarked;
