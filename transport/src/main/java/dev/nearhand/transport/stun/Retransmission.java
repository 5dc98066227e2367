package dev.nearhand.transport.stun;

import dev.nearhand.transport.time.TimerTable;

/// When a request to a server is sent, sent again, and given up ([RFC 8489 section
/// 6.2.1](https://www.rfc-editor.org/rfc/rfc8489#section-6.2.1)): times only, it knows no message.
///
/// Over a stream the request is sent once and given up as late as the last of them would be. ICE's checks have a clock
/// of their own (RFC 8445 section 14).
public final class Retransmission {
    /// `Rc`: how often a request is sent.
    static final int REQUESTS = 7;

    /// `Rm`: how many RTOs the last request is waited for.
    static final int LAST_WAIT = 16;

    private final long rtoNanos;
    private final int requests;
    private final long mostNanos;
    private final boolean stream;
    private int sent;
    private long dueNanos;

    /// @param nowNanos the first request is due at once
    public Retransmission(long nowNanos, long rtoNanos, boolean stream) {
        this(nowNanos, rtoNanos, stream ? 1 : REQUESTS, Long.MAX_VALUE, stream);
    }

    private Retransmission(long nowNanos, long rtoNanos, int requests, long mostNanos, boolean stream) {
        this.rtoNanos = rtoNanos;
        this.requests = requests;
        this.mostNanos = mostNanos;
        this.stream = stream;
        this.dueNanos = nowNanos;
    }

    /// One that goes on asking: where much is lost, a pause that doubles without end is time without a question.
    ///
    /// @param mostNanos the longest pause between two requests, and after the last
    public static Retransmission patient(long nowNanos, long rtoNanos, int requests, long mostNanos) {
        return new Retransmission(nowNanos, rtoNanos, requests, mostNanos, false);
    }

    public boolean isDue(long nowNanos) {
        return sent < requests && nowNanos >= dueNanos;
    }

    /// No answer has come to the last request.
    public boolean isOver(long nowNanos) {
        return sent == requests && nowNanos >= dueNanos;
    }

    public void sent(long nowNanos) {
        sent++;
        if (stream) {
            dueNanos = nowNanos + ((1L << REQUESTS - 1) - 1 + LAST_WAIT) * rtoNanos;
        } else {
            long rtos = sent == requests ? LAST_WAIT : 1L << sent - 1;
            dueNanos = nowNanos + Math.min(mostNanos, rtos * rtoNanos);
        }
    }

    /// How often it has been sent.
    public int count() {
        return sent;
    }

    /// When it is due or over.
    public long nextNanos() {
        return dueNanos;
    }

    /// Nothing more is sent or expected.
    public void stop() {
        sent = requests;
        dueNanos = TimerTable.NEVER;
    }
}
