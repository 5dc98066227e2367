/// `nearhand peer`: WebRTC connections driven by lines of JSON, so that any harness can measure this stack beside
/// others. The contract is in docs/peer.md.
@NullMarked
package dev.nearhand.app.peer;

import org.jspecify.annotations.NullMarked;
