package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CheckMessages.Authenticity;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.wire.Path;
import dev.nearhand.transport.wire.Transmit;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers the other side's requests (RFC 8489 section 9.1.3, RFC 8445 section 7.3), and keeps the answers until they
/// can be sent. Every answer goes where its request came from, and is hardly larger.
final class Answers {
    /// Answers that wait to be sent; further ones are dropped, as the network would.
    static final int LIMIT = 64;

    private record Answer(Path path, byte[] datagram) {}

    private final CheckMessages messages;
    private final Counters counters;
    private final Deque<Answer> queue = new ArrayDeque<>();

    Answers(CheckMessages messages, Counters counters) {
        this.messages = messages;
        this.counters = counters;
    }

    /// Refuses a request that is none of the other side's, or not understood; whether it did.
    boolean refused(StunMessage request, Path path, Authenticity authenticity) {
        List<Integer> unknown = CheckMessages.unknownIn(request);
        if (authenticity == Authenticity.INCOMPLETE) {
            counters.count("refused.incomplete");
            add(path, messages.error(request, ErrorCode.BAD_REQUEST, "Bad Request", authenticity));
        } else if (authenticity == Authenticity.FOREIGN) {
            counters.count("refused.foreign");
            add(path, messages.error(request, ErrorCode.UNAUTHENTICATED, "Unauthenticated", authenticity));
        } else if (authenticity == Authenticity.MIXED) {
            counters.count("refused.mixed");
            add(path, messages.error(request, ErrorCode.UNAUTHENTICATED, "Unauthenticated", authenticity));
        } else if (!unknown.isEmpty()) {
            counters.count("refused.unknownAttribute");
            add(path, messages.unknownAttributes(request, unknown, authenticity));
        } else {
            return false;
        }
        return true;
    }

    void roleConflict(StunMessage request, Path path, Authenticity authenticity) {
        counters.count("roleConflict.refused");
        add(path, messages.error(request, ErrorCode.ROLE_CONFLICT, "Role Conflict", authenticity));
    }

    void success(StunMessage request, Path path, Authenticity authenticity) {
        counters.count("checks.received");
        add(path, messages.success(request, path.remote(), authenticity));
    }

    private void add(Path path, byte[] datagram) {
        if (queue.size() == LIMIT) {
            counters.count("dropped.tooManyAnswers");
        } else {
            queue.add(new Answer(path, datagram));
        }
    }

    @Nullable
    Transmit poll(ByteBuffer into) {
        Answer answer = queue.poll();
        if (answer == null) {
            return null;
        }
        into.put(answer.datagram);
        return new Transmit(answer.path, answer.datagram.length);
    }

    void clear() {
        queue.clear();
    }
}
