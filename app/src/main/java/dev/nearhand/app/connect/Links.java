package dev.nearhand.app.connect;

import dev.nearhand.app.link.WebRtcLink;
import dev.nearhand.app.session.AnsweringLink;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.transport.api.PeerConfig;
import dev.nearhand.transport.api.PeerConnection;
import java.net.InetAddress;
import java.util.List;

/// Where connections come from: WebRTC, or what a test puts in its place.
interface Links {
    /// @param bind empty means all addresses
    /// @param thisMachine whether the other side is on this machine
    OfferingLink host(List<InetAddress> bind, boolean thisMachine);

    AnsweringLink viewer(boolean thisMachine);

    static Links webRtc(IceSettings ice) {
        PeerConnection.warmUp();
        PeerConfig config = ice.peers();
        return new Links() {
            @Override
            public OfferingLink host(List<InetAddress> bind, boolean thisMachine) {
                return WebRtcLink.host(config.withBindAddresses(bind).withLoopback(thisMachine));
            }

            @Override
            public AnsweringLink viewer(boolean thisMachine) {
                return WebRtcLink.viewer(config.withLoopback(thisMachine));
            }
        };
    }
}
