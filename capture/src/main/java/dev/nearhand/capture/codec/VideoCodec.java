package dev.nearhand.capture.codec;

/// A format of encoded video.
public enum VideoCodec {
    /// RFC 6386.
    VP8("VP8");

    private final String rtpName;

    VideoCodec(String rtpName) {
        this.rtpName = rtpName;
    }

    /// The encoding name in an SDP `a=rtpmap` line.
    public String rtpName() {
        return rtpName;
    }
}
