/// What a user of the transport sees: connections, data channels, video tracks, descriptions, statistics.
///
/// Methods may be called from any thread; callbacks run on the connection's loop and must not block it.
@NullMarked
package dev.nearhand.transport.api;

import org.jspecify.annotations.NullMarked;
