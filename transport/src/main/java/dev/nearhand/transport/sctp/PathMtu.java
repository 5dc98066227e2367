package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sctp.packet.HeartbeatAckChunk;
import dev.nearhand.transport.sctp.packet.HeartbeatChunk;
import dev.nearhand.transport.sctp.packet.PacketHeader;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How large the packets to the peer may be: begins with a size that every path carries and looks for a larger one by
/// packets that are nothing but probes ([RFC 8899](https://www.rfc-editor.org/rfc/rfc8899), section 6.2.1: HEARTBEAT,
/// filled up by PAD).
///
/// Looks for the largest size first, which most paths carry, then halves the interval. A probe that is lost is no sign
/// of congestion and no failure of the path. Sizes are those of SCTP packets; what DTLS, UDP and IP add is in the two
/// bounds that the owner gives. Does not look below the size it begins with: DTLS would not have come about there.
final class PathMtu {
    private static final Logger LOG = LoggerFactory.getLogger(PathMtu.class);

    /// The states of [RFC 8899 section 5.2](https://www.rfc-editor.org/rfc/rfc8899#section-5.2), of which BASE and
    /// ERROR are left out.
    enum State {
        DISABLED,
        SEARCHING,
        SEARCH_COMPLETE
    }

    /// "MAX_PROBES"
    static final int MAX_PROBES = 3;

    /// The first probe waits until the first messages are through.
    static final long BEGIN_NANOS = 1_000_000_000L;

    /// "PROBE_TIMER … MUST NOT be smaller than 1 second"
    static final long PROBE_NANOS = 1_000_000_000L;

    /// "PMTU_RAISE_TIMER"
    static final long RAISE_NANOS = 600_000_000_000L;

    /// The search ends when it knows the size so exactly.
    static final int STEP_BYTES = 16;

    /// So many chunks of large packets lost with none acknowledged: the path carries them no more. More than a full
    /// queue takes at a time from a flow that small packets still pass.
    static final int BLACK_HOLE_CHUNKS = 32;

    private static final int INFO_BYTES = 20;

    private final int baseBytes;
    private final int largestBytes;
    private final TimerTable<SctpTimer> timers;
    private final RetransmissionTimeout timeout;
    private final RandomGenerator random;

    private State state = State.DISABLED;
    private int packetBytes;
    private int tooLargeBytes;
    private int probeBytes;
    private int unanswered;
    private boolean awaiting;
    private boolean due;
    private long nonce;
    private int lostChunks;

    /// @param baseBytes a size that is carried for sure
    /// @param largestBytes the largest size that is tried; nothing is, when it is the same
    PathMtu(
            int baseBytes,
            int largestBytes,
            TimerTable<SctpTimer> timers,
            RetransmissionTimeout timeout,
            RandomGenerator random) {
        this.baseBytes = baseBytes & ~3;
        this.largestBytes = largestBytes & ~3;
        this.timers = timers;
        this.timeout = timeout;
        this.random = random;
        this.packetBytes = this.baseBytes;
    }

    /// The largest packet that may be sent now.
    int packetBytes() {
        return packetBytes;
    }

    int baseBytes() {
        return baseBytes;
    }

    /// What of a packet that every path carries is left for chunks.
    int basePayloadBytes() {
        return baseBytes - PacketHeader.BYTES;
    }

    State state() {
        return state;
    }

    /// Whether sizes are looked for at all: the peer takes padding, and the association is not ending.
    boolean isSearching() {
        return state != State.DISABLED;
    }

    /// The association stands, or has moved to another path: what was known of the old one is forgotten.
    void begin(long nowNanos) {
        packetBytes = baseBytes;
        lostChunks = 0;
        if (largestBytes > baseBytes) {
            search(nowNanos, BEGIN_NANOS);
        }
    }

    private void search(long nowNanos, long delayNanos) {
        state = State.SEARCHING;
        tooLargeBytes = largestBytes + 4;
        probeBytes = largestBytes;
        unanswered = 0;
        awaiting = false;
        due = false;
        timers.set(SctpTimer.PATH_PROBE, nowNanos + delayNanos);
    }

    /// Time for the first probe, for the answer to the last one, or for another search.
    void onTimeout(long nowNanos) {
        if (state == State.SEARCH_COMPLETE) {
            search(nowNanos, 0);
            return;
        }
        if (awaiting) {
            awaiting = false;
            unanswered++;
            if (unanswered >= MAX_PROBES) {
                tooLargeBytes = probeBytes;
                goOn(nowNanos);
                return;
            }
        }
        due = true;
    }

    /// The size of the probe that is to be sent now, which is taken for sent; 0 for none.
    int takeProbe(long nowNanos) {
        if (!due) {
            return 0;
        }
        due = false;
        awaiting = true;
        nonce = random.nextLong();
        timers.set(SctpTimer.PATH_PROBE, nowNanos + Math.max(PROBE_NANOS, 2 * timeout.nanos()));
        return probeBytes;
    }

    /// What the probe asks the peer to send back.
    HeartbeatChunk heartbeat(long nowNanos) {
        return new HeartbeatChunk(ByteBuffer.allocate(INFO_BYTES)
                .putLong(nowNanos)
                .putLong(nonce)
                .putInt(probeBytes)
                .flip());
    }

    /// Whether the chunk answers a probe, this one or one before.
    boolean takes(HeartbeatAckChunk chunk) {
        return chunk.info().remaining() == INFO_BYTES;
    }

    void onAck(long nowNanos, HeartbeatAckChunk chunk) {
        ByteBuffer info = chunk.info();
        if (!awaiting || info.getLong(info.position() + Long.BYTES) != nonce) {
            return;
        }
        awaiting = false;
        if (probeBytes > packetBytes) {
            packetBytes = probeBytes;
            lostChunks = 0;
            LOG.debug("SCTP packets of {} bytes pass", packetBytes);
        }
        goOn(nowNanos);
    }

    private void goOn(long nowNanos) {
        unanswered = 0;
        int between = (packetBytes + tooLargeBytes) / 2 & ~3;
        if (tooLargeBytes - packetBytes <= STEP_BYTES || between <= packetBytes) {
            state = State.SEARCH_COMPLETE;
            if (packetBytes < largestBytes) {
                timers.set(SctpTimer.PATH_PROBE, nowNanos + RAISE_NANOS);
            } else {
                timers.clear(SctpTimer.PATH_PROBE);
            }
            return;
        }
        probeBytes = between;
        due = true;
    }

    /// A chunk that travelled in a packet larger than the base has arrived.
    void onLargeAcknowledged() {
        lostChunks = 0;
    }

    /// Such a chunk was lost.
    void onLargeLost(long nowNanos) {
        if (packetBytes > baseBytes && ++lostChunks >= BLACK_HOLE_CHUNKS) {
            onBlackHole(nowNanos);
        }
    }

    /// Nothing was acknowledged for a whole timeout: if the packets were too large, that would be why.
    void onRetransmissionTimeout(long nowNanos) {
        if (packetBytes > baseBytes) {
            onBlackHole(nowNanos);
        }
    }

    private void onBlackHole(long nowNanos) {
        LOG.debug("SCTP packets of {} bytes do not pass any more", packetBytes);
        if (state == State.DISABLED) {
            packetBytes = baseBytes; // what the shutdown still repeats
        } else {
            begin(nowNanos);
        }
    }

    /// No probe is sent any more, and the answer to one that is under way means nothing.
    void stop() {
        state = State.DISABLED;
        due = false;
        awaiting = false;
        timers.clear(SctpTimer.PATH_PROBE);
    }

    /// How much of a packet a fragment fills. Never more than a packet of the base size holds, because a fragment that
    /// has a TSN cannot be cut again: on a path that has become narrow it could never be repeated. So
    /// larger packets hold several fragments, of equal size.
    ///
    /// @param headerBytes of the packet
    int fragmentBytes(int headerBytes) {
        int room = packetBytes - headerBytes;
        int most = baseBytes - headerBytes;
        int count = (room + most - 1) / most;
        return room / count & ~3;
    }
}
