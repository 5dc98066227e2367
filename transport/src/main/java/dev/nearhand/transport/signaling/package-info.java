/// WebRTC over HTTP: WHIP ([RFC 9725](https://www.rfc-editor.org/rfc/rfc9725)) publishes to a server, WHEP (its draft)
/// watches from one; both as client and as server. docs/rfc/whip.md says what of them.
@NullMarked
package dev.nearhand.transport.signaling;

import org.jspecify.annotations.NullMarked;
