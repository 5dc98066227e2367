package dev.nearhand.transport.rtcp;

import java.util.List;
import java.util.Set;

/// The RTCP packets that are understood here, as values; [RtcpReader] parses them and [RtcpWriter] writes them.
///
/// An SSRC is a raw `int`; sequence numbers are 0–65535.
public sealed interface RtcpPacket {
    /// The most report blocks, sources or chunks that a packet can count.
    int MAX_COUNT = 31;

    /// SR, RFC 3550 section 6.4.1.
    ///
    /// @param ntpTime seconds since 1900 in the upper 32 bits, fractions in the lower
    /// @param rtpTimestamp the same moment on the stream's clock
    record SenderReport(
            int ssrc, long ntpTime, int rtpTimestamp, long packetCount, long octetCount, List<ReportBlock> blocks)
            implements RtcpPacket {
        public SenderReport {
            blocks = List.copyOf(blocks);
        }

        /// The part of the time that receivers repeat in their report blocks.
        public int middleOfNtpTime() {
            return (int) (ntpTime >>> 16);
        }
    }

    /// RR, RFC 3550 section 6.4.2.
    record ReceiverReport(int ssrc, List<ReportBlock> blocks) implements RtcpPacket {
        public ReceiverReport {
            blocks = List.copyOf(blocks);
        }
    }

    /// SDES, RFC 3550 section 6.5, as far as it names sources.
    record SourceDescription(List<Chunk> chunks) implements RtcpPacket {
        public SourceDescription {
            chunks = List.copyOf(chunks);
        }

        /// @param cname the canonical name, at most 255 bytes of UTF-8; empty when the chunk has none
        public record Chunk(int ssrc, String cname) {}
    }

    /// BYE, RFC 3550 section 6.6.
    record Goodbye(List<Integer> ssrcs, String reason) implements RtcpPacket {
        public Goodbye {
            ssrcs = List.copyOf(ssrcs);
        }
    }

    /// Generic NACK, RFC 4585 section 6.2.1.
    ///
    /// @param lost in the order of the wire
    record GenericNack(int senderSsrc, int mediaSsrc, List<Integer> lost) implements RtcpPacket {
        public GenericNack {
            lost = List.copyOf(lost);
        }
    }

    /// PLI, RFC 4585 section 6.3.1.
    record PictureLossIndication(int senderSsrc, int mediaSsrc) implements RtcpPacket {}

    /// FIR, RFC 5104 section 4.3.1.
    record FullIntraRequest(int senderSsrc, List<Entry> entries) implements RtcpPacket {
        public FullIntraRequest {
            entries = List.copyOf(entries);
        }

        /// @param sequence 0–255; the same number again is the same request again
        public record Entry(int ssrc, int sequence) {}
    }

    /// REMB, draft-alvestrand-rmcat-remb-03.
    record EstimatedMaxBitrate(int senderSsrc, long bitrateBps, Set<Integer> ssrcs) implements RtcpPacket {
        public EstimatedMaxBitrate {
            ssrcs = Set.copyOf(ssrcs);
        }
    }

    /// Transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01: when packets
    /// arrived that carry consecutive numbers.
    ///
    /// @param baseSequence the transport-wide number of the first, 0–65535
    /// @param referenceTime in units of 64 ms, 24 bits, from an origin of the receiver's own; wraps
    /// @param feedbackCount 0–255, one more with each feedback; wraps
    /// @param arrivals for each packet from the first on, after the reference time in units of [#TICK_NANOS]; or
    ///     [#NOT_RECEIVED]. Neighbours that have arrived differ by 16 bits at most
    record TransportFeedback(
            int senderSsrc,
            int mediaSsrc,
            int baseSequence,
            int referenceTime,
            int feedbackCount,
            List<Integer> arrivals)
            implements RtcpPacket {
        /// Of a packet that has not arrived so far.
        public static final int NOT_RECEIVED = Integer.MIN_VALUE;

        /// The unit of arrival times.
        public static final long TICK_NANOS = 250_000;

        /// The unit of the reference time.
        public static final long REFERENCE_NANOS = 64_000_000;

        /// The most packets that one feedback is read about: a second of 100 Mbit/s.
        public static final int MAX_PACKETS = 8_192;

        public TransportFeedback {
            arrivals = List.copyOf(arrivals);
        }
    }
}
