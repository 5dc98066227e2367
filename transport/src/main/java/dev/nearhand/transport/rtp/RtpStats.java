package dev.nearhand.transport.rtp;

import java.util.List;

/// A snapshot of an [RtpSession].
///
/// @param rttNanos the smoothed round-trip time, or 0 while it is not known
/// @param malformedRtp packets that were no RTP
/// @param unroutedRtp packets that belong to no receiver
/// @param malformedRtcp parts of compound packets that were not what they promised
/// @param transportFeedbacks reports of transport-wide congestion control
/// @param rembs reports of a receiver's estimated maximum bitrate
/// @param unknownRtcp parts of compound packets of a kind that is not spoken here
/// @param layerSwitches how often a track of several streams changed over from one to another
/// @param targetBps what all frames together may have, as the path lets them; 0 where nothing is known of it
public record RtpStats(
        List<Sender> senders,
        List<Receiver> receivers,
        long rttNanos,
        long malformedRtp,
        long unroutedRtp,
        long malformedRtcp,
        long transportFeedbacks,
        long rembs,
        long unknownRtcp,
        long layerSwitches,
        long targetBps) {
    public RtpStats {
        senders = List.copyOf(senders);
        receivers = List.copyOf(receivers);
    }

    /// @param framesDropped because too much was waiting
    /// @param packetsSent without repetitions
    /// @param paddingPackets that filled up probes of the path
    /// @param packetsWaiting how many the pacer holds back
    public record Sender(
            int ssrc,
            long framesSent,
            long framesDropped,
            long packetsSent,
            long packetsRepeated,
            long paddingPackets,
            long payloadBytesSent,
            long packetsWaiting,
            long keyframeRequests) {}

    /// @param rid the name of the stream when its track comes in several, or empty
    /// @param packetsReceived with repetitions and duplicates
    /// @param packetsLost as a receiver report counts them, repaired ones not
    /// @param packetsRepaired that came after they had been asked for
    /// @param retransmissionsReceived packets of a retransmission stream (RFC 4588)
    /// @param fecReceived parity packets (RFC 5109)
    /// @param fecRecovered packets that were computed with them, and were of use
    /// @param fecDropped parity packets that could not be used
    /// @param packetsUseless duplicates, those that came too late, and those of a format that was not agreed on
    /// @param framesSkipped how often the stream had to go on at a key frame
    /// @param jitter in timestamp units
    public record Receiver(
            int ssrc,
            String rid,
            long framesReceived,
            long keyframesReceived,
            long framesSkipped,
            long packetsReceived,
            long packetsLost,
            long packetsRepaired,
            long retransmissionsReceived,
            long fecReceived,
            long fecRecovered,
            long fecDropped,
            long packetsUseless,
            long nacksSent,
            long plisSent,
            long jitter) {}
}
