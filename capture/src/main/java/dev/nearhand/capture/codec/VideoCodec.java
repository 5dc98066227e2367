package dev.nearhand.capture.codec;

/// A format of encoded video.
public enum VideoCodec {
    /// RFC 6386.
    VP8("VP8"),
    /// Profile 0: 8 bits, 4:2:0. A frame may be a superframe, of which the last picture counts.
    VP9("VP9"),
    /// ITU-T H.264; a frame is an access unit in the byte stream form of annex B.
    H264("H264"),
    /// AV1; a frame is a temporal unit in the low-overhead format.
    AV1("AV1");

    private final String rtpName;

    VideoCodec(String rtpName) {
        this.rtpName = rtpName;
    }

    /// The encoding name in an SDP `a=rtpmap` line.
    public String rtpName() {
        return rtpName;
    }
}
