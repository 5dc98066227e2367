/// RTP (RFC 3550): senders, receivers and the session of one BUNDLE transport, over plain packets.
@NullMarked
package dev.nearhand.transport.rtp;

import org.jspecify.annotations.NullMarked;
