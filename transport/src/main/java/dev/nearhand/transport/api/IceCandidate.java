package dev.nearhand.transport.api;

/// A candidate on its way to the other side ([RFC 8838](https://www.rfc-editor.org/rfc/rfc8838)); the names are those
/// of `RTCIceCandidateInit` in browsers.
///
/// @param candidate as in its attribute: `candidate:…`; empty when there will be no more
/// @param sdpMid the name of the section that it belongs to
public record IceCandidate(String candidate, String sdpMid) {
    /// Says no address.
    @Override
    public String toString() {
        return "IceCandidate[" + (candidate.isEmpty() ? "end" : "one") + ", sdpMid=" + sdpMid + "]";
    }
}
