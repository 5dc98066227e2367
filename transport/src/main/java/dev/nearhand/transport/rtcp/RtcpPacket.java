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

    /// The head of transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01; its
    /// arrival times are not read.
    record TransportFeedback(int senderSsrc, int mediaSsrc, int baseSequence, int packetCount, int feedbackCount)
            implements RtcpPacket {}
}
