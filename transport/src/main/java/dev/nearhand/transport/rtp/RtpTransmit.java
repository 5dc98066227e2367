package dev.nearhand.transport.rtp;

/// One plain packet that a session wrote into the buffer that it was lent, still to be protected.
///
/// @param rtcp whether it is a compound RTCP packet; an RTP packet otherwise
/// @param lengthBytes how many bytes of the lent buffer it takes, counted from the buffer's position at the call
public record RtpTransmit(boolean rtcp, int lengthBytes) {}
