package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.StunAttribute.IceControlled;
import dev.nearhand.transport.stun.StunAttribute.IceControlling;
import dev.nearhand.transport.stun.StunMessage;
import java.util.random.RandomGenerator;

/// The role of this side, and who gives way when both claim the same (RFC 8445 section 7.3.1.1).
final class RoleClaim {
    /// What a request's claim leads to.
    enum Outcome {
        NO_CONFLICT,
        /// This side took the other role; the request is good.
        SWITCHED,
        /// The other side has to switch: error 487.
        OTHER_MUST_SWITCH
    }

    private final RandomGenerator random;
    private IceRole role;
    private long tieBreaker;

    RoleClaim(IceRole role, RandomGenerator random) {
        this.role = role;
        this.random = random;
        this.tieBreaker = random.nextLong();
    }

    IceRole role() {
        return role;
    }

    long tieBreaker() {
        return tieBreaker;
    }

    void set(IceRole next) {
        role = next;
    }

    /// "The agent MUST change the tie-breaker value" when it yields to an error 487, or two equal ones never part.
    void yield() {
        role = role.opposite();
        tieBreaker = random.nextLong();
    }

    Outcome resolve(StunMessage request) {
        Outcome outcome = outcomeAs(role, request);
        if (outcome == Outcome.SWITCHED) {
            role = role.opposite();
        }
        return outcome;
    }

    /// What a request would lead to in a role, which this side has or is about to take.
    Outcome outcomeAs(IceRole own, StunMessage request) {
        IceControlling controlling = request.find(IceControlling.class);
        if (own == IceRole.CONTROLLING && controlling != null) {
            return wins(controlling.tieBreaker()) ? Outcome.OTHER_MUST_SWITCH : Outcome.SWITCHED;
        }
        IceControlled controlled = request.find(IceControlled.class);
        if (own == IceRole.CONTROLLED && controlled != null) {
            return wins(controlled.tieBreaker()) ? Outcome.SWITCHED : Outcome.OTHER_MUST_SWITCH;
        }
        return Outcome.NO_CONFLICT;
    }

    /// "If the agent's tie-breaker value is larger than or equal to the contents": the larger one controls.
    private boolean wins(long otherTieBreaker) {
        return Long.compareUnsigned(tieBreaker, otherTieBreaker) >= 0;
    }
}
