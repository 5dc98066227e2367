/// Host and viewer sessions: what happens between two machines once they have found each other.
///
/// Knows screens, codecs and input of `capture`, and the other side only through [PeerLink]. Free of JavaFX and Netty.
@NullMarked
package dev.nearhand.app.session;

import org.jspecify.annotations.NullMarked;
