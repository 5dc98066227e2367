package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.ice.Candidate;
import dev.nearhand.transport.ice.IceCredentials;
import dev.nearhand.transport.rtp.RtpLayers;
import dev.nearhand.transport.sdp.Direction;
import dev.nearhand.transport.sdp.Setup;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one `m=` section of the other side means to us; what it inherits from its session or its bundle is folded in.
///
/// @param mid its name, empty when it has none
/// @param mediaFormats the formats of it that we understand, in its order; empty when there is none
/// @param redPayloadTypes those that wrap another one (RFC 2198)
/// @param parity what its video can come with
/// @param midExtensionId the header extension that carries `mid`, 0 when not offered
/// @param transportExtensionId the header extension with transport-wide numbers, 0 when not offered with their feedback
/// @param layers the streams that its track is sent in, when they are several and can be told apart
/// @param trackName the track id of its `a=msid`, empty when it has none
/// @param maxMessageBytes `a=max-message-size`; `Long.MAX_VALUE` when it names no limit
/// @param sctpInit the INIT chunk of `a=sctp-init`, empty when there is none that can be used
record RemoteSection(
        String media,
        String protocol,
        List<String> formats,
        String mid,
        boolean rejected,
        Direction direction,
        boolean rtcpMux,
        boolean rtcpReducedSize,
        @Nullable IceCredentials credentials,
        List<Fingerprint> fingerprints,
        @Nullable Setup setup,
        List<Candidate> candidates,
        boolean endOfCandidates,
        List<MediaFormat> mediaFormats,
        Set<Integer> redPayloadTypes,
        ParityFormat parity,
        int midExtensionId,
        int transportExtensionId,
        RtpLayers layers,
        List<Integer> ssrcs,
        String trackName,
        boolean dataChannels,
        int sctpPort,
        long maxMessageBytes,
        ByteBuffer sctpInit) {
    boolean isVideo() {
        return media.equals("video") && isMedia();
    }

    boolean isAudio() {
        return media.equals("audio") && isMedia();
    }

    private boolean isMedia() {
        return protocol.endsWith("RTP/SAVPF");
    }
}
