package dev.nearhand.transport.sctp;

/// How much may leave now: what the congestion window, the burst limit and the peer's window leave over
/// ([RFC 9260 section 6.1](https://www.rfc-editor.org/rfc/rfc9260#section-6.1)).
final class SendBudget {
    private final CongestionControl congestion;
    private long peerWindowBytes;
    private int creditBytes;
    private int burstBytes;
    private boolean probeDue;

    SendBudget(CongestionControl congestion) {
        this.congestion = congestion;
    }

    long peerWindowBytes() {
        return peerWindowBytes;
    }

    void setPeerWindow(long bytes) {
        peerWindowBytes = Math.max(0, bytes);
    }

    /// An occasion to send: a packet, a timer or a message has come.
    void beginTurn(int ackedBytes) {
        burstBytes = congestion.burstBytes() + ackedBytes;
    }

    /// So much may leave "ignoring the value of cwnd".
    void grant(int bytes) {
        creditBytes = bytes;
    }

    boolean hasCredit() {
        return creditBytes > 0;
    }

    /// Nothing is in flight, and the peer's window is closed: one chunk may ask whether it still is.
    void allowWindowProbe() {
        probeDue = true;
    }

    void onSent(SentChunk chunk) {
        burstBytes -= chunk.sizeBytes();
        creditBytes = Math.max(0, creditBytes - chunk.sizeBytes());
    }

    void onFirstSent(SentChunk chunk) {
        probeDue = false;
        setPeerWindow(peerWindowBytes - chunk.length);
    }

    boolean allowsAgain(SentChunk chunk, int flightBytes) {
        return flightBytes == 0
                || creditBytes >= chunk.sizeBytes()
                || flightBytes < congestion.windowBytes() && burstBytes > 0;
    }

    boolean allowsNew(int flightBytes, boolean recovering) {
        return flightBytes == 0
                || creditBytes > 0 && !recovering
                || flightBytes < congestion.windowBytes() && burstBytes > 0;
    }

    /// With nothing in flight one chunk may go however small the window is: "the sender can always have one DATA chunk
    /// in flight". Into a window of zero it goes as a probe, paced by T3-rtx.
    boolean fitsPeerWindow(int bytes, int flightBytes) {
        return bytes <= peerWindowBytes || flightBytes == 0 && (peerWindowBytes > 0 || probeDue);
    }
}
