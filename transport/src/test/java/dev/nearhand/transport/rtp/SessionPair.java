package dev.nearhand.transport.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.srtp.SrtpContext;
import dev.nearhand.transport.srtp.SrtpProfile;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Predicate;

/// Two sessions, SRTP between them, and a link with a mind of its own, in virtual time.
final class SessionPair {
    static final long MILLI = 1_000_000;
    static final int SSRC = 0x7000_0001;
    static final int MID_EXTENSION = 4;

    /// What a link does to packets.
    record Link(double loss, double duplicates, long delayNanos, long jitterNanos) {
        static Link perfect() {
            return new Link(0, 0, MILLI, 0);
        }
    }

    /// One end.
    static final class End {
        final RtpSession session;
        final SrtpContext out;
        final SrtpContext in;
        final List<RtpEvent> events = new ArrayList<>();
        long rtpSent;
        long rtcpSent;
        long burst;
        long burstNanos = -1;
        long largestBurst;
        Predicate<ByteBuffer> eats = _ -> false;
        long wakeups;

        End(SrtpProfile profile, int seed) {
            session = new RtpSession("test", () -> Instant.ofEpochSecond(1_800_000_000L), new Random(seed));
            out = new SrtpContext(profile, new byte[16], new byte[profile.saltBytes()]);
            in = new SrtpContext(profile, new byte[16], new byte[profile.saltBytes()]);
        }

        List<RtpEvent.FrameReceived> frames() {
            return events.stream()
                    .filter(RtpEvent.FrameReceived.class::isInstance)
                    .map(RtpEvent.FrameReceived.class::cast)
                    .toList();
        }

        long keyframeRequests() {
            return events.stream()
                    .filter(RtpEvent.KeyframeRequested.class::isInstance)
                    .count();
        }
    }

    private record Flight(long atNanos, long order, End to, boolean rtcp, byte[] packet) {}

    final End left;
    final End right;
    final Random random;
    private final PriorityQueue<Flight> flights =
            new PriorityQueue<>(Comparator.comparingLong(Flight::atNanos).thenComparingLong(Flight::order));
    Link link;
    long now = 1;
    private long order;

    SessionPair(long seed, Link link) {
        this.random = new Random(seed);
        this.link = link;
        SrtpProfile profile = seed % 2 == 0 ? SrtpProfile.AEAD_AES_128_GCM : SrtpProfile.AES128_CM_HMAC_SHA1_80;
        this.left = new End(profile, (int) seed);
        this.right = new End(profile, (int) seed + 1);
    }

    static RtpSenderConfig senderConfig() {
        return new RtpSenderConfig(SSRC, "v", MID_EXTENSION, 96, 90_000, true, true, true);
    }

    static RtpReceiverConfig receiverConfig() {
        return RtpReceiverConfig.vp8("v", MID_EXTENSION, List.of(96), List.of(), true, true);
    }

    /// Drains both ends, as their drivers would after a call. A timer may be overdue then, when a shorter round-trip
    /// time came to light; once it has been told, none is.
    void settle() {
        drain(left, right);
        drain(right, left);
        for (End end : List.of(left, right)) {
            if (end.session.nextTimeoutNanos() <= now) {
                end.session.handleTimeout(now);
                drain(end, end == left ? right : left);
                assertThat(end.session.nextTimeoutNanos()).isGreaterThan(now);
            }
        }
    }

    private void drain(End end, End other) {
        for (RtpEvent event = end.session.pollEvent(); event != null; event = end.session.pollEvent()) {
            end.events.add(event);
        }
        ByteBuffer lent = ByteBuffer.allocate(2_048);
        for (RtpTransmit next = end.session.pollTransmit(now, lent.clear());
                next != null;
                next = end.session.pollTransmit(now, lent.clear())) {
            assertThat(lent.position()).isZero();
            assertThat(next.lengthBytes()).isBetween(8, RtpSession.MAX_PACKET_BYTES);
            lent.limit(next.lengthBytes());
            boolean eaten = end.eats.test(lent.asReadOnlyBuffer());
            assertThat(next.rtcp() ? end.out.protectRtcp(lent) : end.out.protectRtp(lent))
                    .isTrue();
            count(end, next);
            byte[] packet = new byte[lent.remaining()];
            lent.get(packet);
            if (!eaten && random.nextDouble() >= link.loss) {
                launch(other, next.rtcp(), packet);
                if (random.nextDouble() < link.duplicates) {
                    launch(other, next.rtcp(), packet);
                }
            }
        }
    }

    private void count(End end, RtpTransmit sent) {
        if (sent.rtcp()) {
            end.rtcpSent++;
            return;
        }
        end.rtpSent++;
        end.burst = end.burstNanos == now ? end.burst + sent.lengthBytes() : sent.lengthBytes();
        end.burstNanos = now;
        end.largestBurst = Math.max(end.largestBurst, end.burst);
    }

    private void launch(End to, boolean rtcp, byte[] packet) {
        long jitter = link.jitterNanos == 0 ? 0 : random.nextLong(link.jitterNanos);
        flights.add(new Flight(now + link.delayNanos + jitter, order++, to, rtcp, packet.clone()));
    }

    /// Lets time pass, through every arrival and every timer.
    void runUntil(long untilNanos) {
        settle();
        while (true) {
            long next = Math.min(left.session.nextTimeoutNanos(), right.session.nextTimeoutNanos());
            Flight flight = flights.peek();
            if (flight != null && flight.atNanos <= next) {
                next = flight.atNanos;
            }
            if (next == TimerTable.NEVER || next > untilNanos) {
                now = untilNanos;
                return;
            }
            now = next;
            if (flight != null && flight.atNanos == now) {
                flights.poll();
                arrive(flight);
            } else {
                left.wakeups++;
                left.session.handleTimeout(now);
                right.session.handleTimeout(now);
            }
            settle();
        }
    }

    private void arrive(Flight flight) {
        ByteBuffer packet = ByteBuffer.wrap(flight.packet);
        if (flight.rtcp) {
            if (flight.to.in.unprotectRtcp(packet) == null) {
                flight.to.session.handleRtcp(now, packet);
            }
        } else if (flight.to.in.unprotectRtp(packet) == null) {
            flight.to.session.handleRtp(now, packet);
        }
    }

    void runFor(long nanos) {
        runUntil(now + nanos);
    }
}
