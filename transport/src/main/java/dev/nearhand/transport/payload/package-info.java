/// How frames of a video codec are cut into RTP payloads and put together again.
@NullMarked
package dev.nearhand.transport.payload;

import org.jspecify.annotations.NullMarked;
