/// How viewer and host find each other: the one-time code, and the exchange of descriptions.
@NullMarked
package dev.nearhand.app.signaling;

import org.jspecify.annotations.NullMarked;
