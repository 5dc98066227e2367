/// ICE (RFC 8445): finds a path between two hosts by trying, and keeps asking whether the other side still agrees to be
/// sent to (RFC 7675). One component, as BUNDLE and rtcp-mux leave it.
@NullMarked
package dev.nearhand.transport.ice;

import org.jspecify.annotations.NullMarked;
