package dev.nearhand.transport.peer;

import dev.nearhand.transport.rtp.RtpLayers;
import dev.nearhand.transport.sdp.Attribute;
import dev.nearhand.transport.sdp.Direction;
import dev.nearhand.transport.sdp.ExtMap;
import dev.nearhand.transport.sdp.Rid;
import dev.nearhand.transport.sdp.RtpMap;
import dev.nearhand.transport.sdp.Simulcast;
import dev.nearhand.transport.sdp.SsrcGroup;
import java.util.ArrayList;
import java.util.List;

/// Writes the formats and sources of a section of video or audio.
final class MediaWriter {
    static final String TRANSPORT_FEEDBACK = "transport-cc";

    private static final String FLOW_IDENTIFICATION = "FID";

    private MediaWriter() {}

    /// The payload types of the `m=` line, in the order in which we want them.
    static List<String> payloadTypes(List<MediaFormat> formats, ParityFormat parity) {
        List<String> types = new ArrayList<>();
        for (MediaFormat format : formats) {
            types.add(Integer.toString(format.payloadType()));
        }
        for (MediaFormat format : formats) {
            if (format.hasRtx()) {
                types.add(Integer.toString(format.rtxPayloadType()));
            }
        }
        if (!parity.isNone()) {
            types.add(Integer.toString(parity.red()));
            types.add(Integer.toString(parity.ulpfec()));
        }
        if (parity.hasRtx()) {
            types.add(Integer.toString(parity.rtx()));
        }
        return types;
    }

    /// @param transportFeedback whether the arrival of packets is told, whatever they hold
    static void formats(List<Attribute> lines, List<MediaFormat> formats, boolean transportFeedback) {
        for (MediaFormat format : formats) {
            lines.add(new Attribute("rtpmap", format.payloadType() + " " + format.encoding()));
            if (!format.parameters().isEmpty()) {
                lines.add(new Attribute("fmtp", format.payloadType() + " " + CodecCatalog.fmtp(format.parameters())));
            }
            for (String feedback : format.feedback()) {
                lines.add(new Attribute("rtcp-fb", format.payloadType() + " " + feedback));
            }
            if (transportFeedback) {
                lines.add(new Attribute("rtcp-fb", format.payloadType() + " " + TRANSPORT_FEEDBACK));
            }
            if (format.hasRtx()) {
                retransmission(lines, format.rtxPayloadType(), format.payloadType());
            }
        }
    }

    private static void retransmission(List<Attribute> lines, int type, int repaired) {
        lines.add(new RtpMap(type, "rtx", MediaFormat.VIDEO_CLOCK_RATE, 1).toAttribute());
        lines.add(new Attribute("fmtp", type + " apt=" + repaired));
    }

    static void parity(List<Attribute> lines, ParityFormat parity) {
        if (parity.isNone()) {
            return;
        }
        lines.add(new RtpMap(parity.red(), ParityFormat.RED, MediaFormat.VIDEO_CLOCK_RATE, 1).toAttribute());
        lines.add(new RtpMap(parity.ulpfec(), ParityFormat.ULPFEC, MediaFormat.VIDEO_CLOCK_RATE, 1).toAttribute());
        if (parity.hasRtx()) {
            retransmission(lines, parity.rtx(), parity.red());
        }
    }

    /// The streams of a track that is taken in several sizes (RFC 8853 section 5.3.2).
    static void layers(List<Attribute> lines, RtpLayers layers) {
        if (layers.isEmpty()) {
            return;
        }
        extension(lines, layers.ridExtensionId(), SectionWriter.RID_EXTENSION);
        if (layers.repairedExtensionId() != 0) {
            extension(lines, layers.repairedExtensionId(), SectionWriter.REPAIRED_RID_EXTENSION);
        }
        layers.rids().forEach(rid -> lines.add(new Rid(rid, false, "").toAttribute()));
        lines.add(new Simulcast(List.of(), layers.rids()).toAttribute());
    }

    private static void extension(List<Attribute> lines, int id, String uri) {
        lines.add(new ExtMap(id, Direction.SENDRECV, uri, "").toAttribute());
    }

    /// The source of a track, and with it the one of its retransmissions (RFC 5576 section 4.2, RFC 4588 section 8).
    static void sources(List<Attribute> lines, LocalTrack track, List<MediaFormat> formats, String cname) {
        boolean repairs = formats.stream().anyMatch(MediaFormat::hasRtx);
        if (repairs) {
            lines.add(new SsrcGroup(FLOW_IDENTIFICATION, List.of(track.ssrc(), track.rtxSsrc())).toAttribute());
        }
        lines.add(new Attribute("ssrc", Integer.toUnsignedString(track.ssrc()) + " cname:" + cname));
        if (repairs) {
            lines.add(new Attribute("ssrc", Integer.toUnsignedString(track.rtxSsrc()) + " cname:" + cname));
        }
    }
}
