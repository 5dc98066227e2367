package dev.nearhand.transport.api;

import dev.nearhand.transport.payload.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Sound that this side sends: Opus packets go in (RFC 7587).
///
/// Methods may be called from any thread, packets of one track from one thread at a time.
public final class AudioTrack {
    /// The longest packet that is sent: more than Opus makes at any rate for voice or music, and less than a datagram.
    public static final int MAX_PACKET_BYTES = 1_100;

    /// What may wait for the loop; a packet beyond is dropped.
    static final int PENDING_LIMIT = 256;

    static final Codec CODEC = Codec.OPUS;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int CLOCK_RATE = 48_000;

    private final PeerConnection connection;
    private final int handle;
    private final String name;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean sending;

    // of the thread that writes
    private final long firstTimestamp = ThreadLocalRandom.current().nextLong(1L << 32);
    private long mediaNanos;

    AudioTrack(PeerConnection connection, int handle, String name) {
        this.connection = connection;
        this.handle = handle;
        this.name = name;
    }

    /// The name it was added with; the other side sees it as the track's id.
    public String name() {
        return name;
    }

    /// Whether the other side has accepted the track and the connection stands: packets written before are dropped.
    public boolean isSending() {
        return sending;
    }

    /// Sends one Opus packet that lasts for `duration`, usually 20 ms. Copies it; does not wait.
    ///
    /// @param packet at most [#MAX_PACKET_BYTES]
    public void write(ByteBuffer packet, Duration duration) {
        if (packet.remaining() > MAX_PACKET_BYTES) {
            throw new IllegalArgumentException("a packet has at most " + MAX_PACKET_BYTES + " bytes");
        }
        long timestamp = firstTimestamp
                + mediaNanos / NANOS_PER_SECOND * CLOCK_RATE
                + mediaNanos % NANOS_PER_SECOND * CLOCK_RATE / NANOS_PER_SECOND;
        mediaNanos += duration.toNanos();
        if (!sending || !packet.hasRemaining()) {
            return;
        }
        if (pending.incrementAndGet() > PENDING_LIMIT) {
            pending.decrementAndGet();
            return;
        }
        ByteBuffer copy =
                ByteBuffer.allocate(packet.remaining()).put(packet.duplicate()).flip();
        connection.change((core, now) -> {
            pending.decrementAndGet();
            core.sendFrame(now, handle, copy, timestamp & 0xFFFF_FFFFL);
        });
    }

    /// Ends it: nothing is sent from now on, and the other side learns it from the next exchange of descriptions. What
    /// it sends beside this track goes on. The track cannot be used again; another one can be added.
    public void remove() {
        connection.change((core, now) -> core.removeTrack(now, handle, false));
    }

    /// As [#remove], and ends what the other side sends beside it too: the section of the descriptions that carried
    /// both is rejected by the next one, and its place is free.
    public void stop() {
        connection.change((core, now) -> core.removeTrack(now, handle, true));
    }

    // --- the connection calls these, on the loop

    int handle() {
        return handle;
    }

    void sendingChanged(boolean now) {
        sending = now;
    }
}
