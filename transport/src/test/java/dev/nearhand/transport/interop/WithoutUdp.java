package dev.nearhand.transport.interop;

import dev.nearhand.testing.interop.ForeignPeer;
import java.util.stream.Collectors;

/// A peer whose descriptions, and those that it is given, hold no candidate over UDP.
///
/// @param peer whom it closes
record WithoutUdp(ForeignPeer peer) implements ForeignPeer {
    private static String strip(String sdp) {
        return sdp.lines()
                .filter(line -> !line.startsWith("a=candidate:") || !line.contains(" udp "))
                .collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    @Override
    public String offer() {
        return strip(peer.offer());
    }

    @Override
    public void accept(String answer) {
        peer.accept(strip(answer));
    }

    @Override
    public String answer(String offer) {
        return strip(peer.answer(strip(offer)));
    }

    @Override
    public String log() {
        return peer.log();
    }

    @Override
    public void close() {
        peer.close();
    }
}
