package dev.nearhand.transport.sctp;

/// How often in a row the peer has not answered
/// ([RFC 9260 section 8.1](https://www.rfc-editor.org/rfc/rfc9260#section-8.1)).
final class PathErrors {
    /// "Association.Max.Retrans"
    static final int MAX_RETRANSMITS = 10;

    private int count;

    void onTimeout() {
        count++;
    }

    void onAnswer() {
        count = 0;
    }

    int count() {
        return count;
    }

    boolean isExceeded() {
        return count > MAX_RETRANSMITS;
    }
}
