package dev.nearhand.transport.ice;

import dev.nearhand.transport.ice.CheckMessages.Authenticity;
import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.wire.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks with the credentials of a restart that this side has offered, while the answer is still on its way: who
/// answers may check at once. They are answered as they should be, and what they tell is kept for the restart
/// (RFC 8445 section 7.3: "the agent MUST immediately generate a response").
final class EarlyChecks {
    /// Paths of which a check is kept, one each; checks along further ones are answered, and no more.
    static final int LIMIT = 32;

    /// @param request without what is not needed for the restart, and so without anything of the datagram
    record Early(Path path, StunMessage request) {}

    private final CheckMessages messages;
    private final Answers answers;
    private final Counters counters;
    private final Map<Path, Early> byPath = new LinkedHashMap<>();
    private IceRole role = IceRole.CONTROLLING;

    EarlyChecks(CheckMessages messages, Answers answers, Counters counters) {
        this.messages = messages;
        this.answers = answers;
        this.counters = counters;
    }

    /// A restart is offered. What is kept of the same one stays.
    void expect(IceRole role, IceCredentials upcoming) {
        if (!upcoming.equals(messages.upcoming())) {
            byPath.clear();
        }
        this.role = role;
        messages.setUpcoming(upcoming);
    }

    /// It is taken back.
    void forget() {
        messages.setUpcoming(null);
        byPath.clear();
    }

    void take(StunMessage request, Path path, RoleClaim claim) {
        counters.count("checks.early");
        if (claim.outcomeAs(role, request) == RoleClaim.Outcome.OTHER_MUST_SWITCH) {
            answers.roleConflict(request, path, Authenticity.UPCOMING);
            return;
        }
        answers.success(request, path, Authenticity.UPCOMING);
        Early before = byPath.get(path);
        if (before == null && byPath.size() == LIMIT) {
            counters.count("dropped.tooManyEarlyChecks");
        } else if (before == null || !before.request.has(StunAttribute.UseCandidate.class)) {
            byPath.put(path, new Early(path, essenceOf(request))); // a nomination is not undone by a later check
        }
    }

    private static StunMessage essenceOf(StunMessage request) {
        List<StunAttribute> needed = request.attributes().stream()
                .filter(attribute -> attribute instanceof StunAttribute.Priority
                        || attribute instanceof StunAttribute.UseCandidate
                        || attribute instanceof StunAttribute.IceControlling
                        || attribute instanceof StunAttribute.IceControlled)
                .toList();
        return new StunMessage(request.messageClass(), request.method(), request.transactionId(), needed);
    }

    /// Whether the other side has proved to be at the far end of a path.
    boolean isKnownPath(Path path) {
        return byPath.containsKey(path);
    }

    int size() {
        return byPath.size();
    }

    /// The restart with these credentials begins: what was kept for it, in the order in which the paths came up.
    List<Early> takeAll(IceCredentials begun) {
        @Nullable IceCredentials upcoming = messages.upcoming();
        List<Early> kept = begun.equals(upcoming) ? List.copyOf(byPath.values()) : List.of();
        forget();
        return kept;
    }
}
