package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.dns.DnsQuestion;
import dev.nearhand.transport.payload.Codec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/// What a [PeerCore] reports.
public sealed interface PeerEvent {
    record StateChanged(PeerState state, String reason) implements PeerEvent {}

    /// Something about a data channel.
    record Channel(DataChannelEvent event) implements PeerEvent {}

    /// The other side sends audio or video: `track` is its handle, `name` the track id it gave, possibly empty,
    /// `layers` the names of the streams that it comes in when they are several.
    record TrackAdded(int track, String name, boolean audio, List<String> layers) implements PeerEvent {}

    /// The other side stopped sending it.
    record TrackEnded(int track) implements PeerEvent {}

    /// A whole frame; `data` belongs to the receiver of the event.
    record Frame(int track, Codec codec, ByteBuffer data, long rtpTimestamp, boolean keyframe) implements PeerEvent {}

    /// A track of ours may send from now on, or may not any more, or it is another format that is agreed on.
    ///
    /// @param codec what its frames are in, one of those that it was added with
    record SendingChanged(int sender, boolean sending, Codec codec) implements PeerEvent {}

    /// The other side needs a key frame to go on.
    record KeyframeRequested(int sender) implements PeerEvent {}

    /// The path lets a track of ours send this much.
    ///
    /// @param bps of its frames, in bits per second
    record TargetBitrate(int sender, long bps) implements PeerEvent {}

    /// A candidate of this side was found after the description that stands was written.
    ///
    /// @param attribute empty when there will be no more
    /// @param mid of the section that it belongs to
    record LocalCandidate(String attribute, String mid) implements PeerEvent {
        /// Says no address.
        @Override
        public String toString() {
            return "LocalCandidate[" + (attribute.isEmpty() ? "end" : "one") + "]";
        }
    }

    /// A remote candidate is a host name; whoever can look it up calls [PeerCore#addResolved].
    record ResolveHost(String hostName) implements PeerEvent {}

    /// An address of this host is told under a name of the local link: whoever can answers for it there.
    record PublishHost(String hostName, InetAddress address) implements PeerEvent {
        /// Says neither: both name a machine.
        @Override
        public String toString() {
            return "PublishHost[one]";
        }
    }

    /// A name that was published is not to be answered for any more.
    record WithdrawHost(String hostName) implements PeerEvent {
        /// Says no name.
        @Override
        public String toString() {
            return "WithdrawHost[one]";
        }
    }

    /// A server's name has to be looked up; whoever can calls [PeerCore#serverResolved], in any case.
    record ResolveServer(String hostName) implements PeerEvent {}

    /// The services of a name have to be looked up; whoever can calls [PeerCore#serviceResolved]. Without an answer the
    /// addresses of the name are tried after a while.
    record ResolveService(DnsQuestion question) implements PeerEvent {}

    /// TURN servers of this network have to be looked for; whoever can calls [PeerCore#serverAnnounced],
    /// [PeerCore#domainKnown] and, in any case, [PeerCore#discoveryEnded].
    record DiscoverServers() implements PeerEvent {}

    /// A connection to a TURN server is wanted; whoever can open one calls [PeerCore#streamOpened] or
    /// [PeerCore#streamClosed].
    ///
    /// @param stream its handle
    /// @param hostName whose certificate is expected
    /// @param byName whether `server` has no address, and a proxy is to look `hostName` up
    record OpenStream(int stream, InetSocketAddress server, boolean tls, String hostName, boolean byName)
            implements PeerEvent {
        /// Says no address.
        @Override
        public String toString() {
            return "OpenStream[" + stream + "]";
        }
    }
}
