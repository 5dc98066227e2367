package dev.nearhand.transport.mdns;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The responses of a responder that wait to be sent, as many as there is room for, and no more to single askers than a
/// second allows.
final class Outbox {
    /// Answers to single askers within [MdnsResponder#PAUSE_NANOS]; what is asked beyond that is not answered.
    static final int UNICAST_LIMIT = 64;

    /// What can be written.
    interface Response {
        void write(ByteBuffer into);
    }

    private record Message(
            Response response,
            int link,
            boolean overIpv6,
            @Nullable InetSocketAddress to) {}

    private final int limit;
    private final Consumer<String> count;
    private final Deque<Message> queue = new ArrayDeque<>();
    private long unicastSinceNanos = Long.MIN_VALUE / 2;
    private int unicasts;

    /// @param limit messages that wait; further ones are dropped
    /// @param count counts by name what happens
    Outbox(int limit, Consumer<String> count) {
        this.limit = limit;
        this.count = count;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void toOne(long nowNanos, Response response, int link, boolean overIpv6, InetSocketAddress to) {
        if (nowNanos - unicastSinceNanos >= MdnsResponder.PAUSE_NANOS) {
            unicastSinceNanos = nowNanos;
            unicasts = 0;
        }
        if (unicasts == UNICAST_LIMIT) {
            count.accept("dropped.tooManyQuestions");
            return;
        }
        unicasts++;
        count.accept("answered.toOne");
        add(new Message(response, link, overIpv6, to));
    }

    /// @param overIpv4 whether everybody on the link is told over IPv4
    /// @param overIpv6 whether they are over IPv6
    void toAll(Response response, int link, boolean overIpv4, boolean overIpv6) {
        if (overIpv4) {
            add(new Message(response, link, false, null));
        }
        if (overIpv6) {
            add(new Message(response, link, true, null));
        }
    }

    private void add(Message message) {
        if (queue.size() == limit) {
            count.accept("dropped.queueFull");
        } else {
            queue.add(message);
        }
    }

    /// Writes the next message; null when there is none.
    MdnsResponder.@Nullable Outgoing poll(ByteBuffer into) {
        Message next = queue.poll();
        if (next == null) {
            return null;
        }
        int start = into.position();
        next.response.write(into);
        return new MdnsResponder.Outgoing(into.position() - start, next.link, next.overIpv6, next.to);
    }
}
