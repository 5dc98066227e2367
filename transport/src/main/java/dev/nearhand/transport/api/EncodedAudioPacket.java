package dev.nearhand.transport.api;

import java.nio.ByteBuffer;

/// One Opus packet that arrived (RFC 6716). Those that were lost are missing, and show by their media time.
///
/// @param data belongs to the receiver of this record
/// @param rtpTimestamp its media time on the 48 kHz clock, unsigned 32 bits, as the sender counts it
public record EncodedAudioPacket(ByteBuffer data, long rtpTimestamp) {}
