package dev.nearhand.transport.rtp;

import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All streams of one BUNDLE transport, over plain packets.
public final class RtpSession {
    public RtpSession(String cname, InstantSource wallClock, RandomGenerator random) {}

    public int addSender(RtpSenderConfig config) {
        return 0;
    }

    public int addReceiver(RtpReceiverConfig config) {
        return 0;
    }

    public void removeSender(int sender) {}

    public void removeReceiver(int receiver) {}

    public void sendFrame(long nowNanos, int sender, ByteBuffer frame, long rtpTimestamp) {}

    public void requestKeyframe(long nowNanos, int receiver) {}

    public void handleRtp(long nowNanos, ByteBuffer packet) {}

    public void handleRtcp(long nowNanos, ByteBuffer packet) {}

    public void handleTimeout(long nowNanos) {}

    public long nextTimeoutNanos() {
        return TimerTable.NEVER;
    }

    public void close() {}

    public @Nullable RtpTransmit pollTransmit(long nowNanos, ByteBuffer into) {
        return null;
    }

    public @Nullable RtpEvent pollEvent() {
        return null;
    }
}
