package dev.nearhand.transport.ice;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.StunSeal;
import dev.nearhand.transport.stun.TransactionId;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes checks and answers, and tells whose checks they are (RFC 8445 section 7.1 and 7.2.2): requests to the other
/// side carry its password, requests to this side this side's.
final class CheckMessages {
    private static final int ANSWER_BYTES = 1_024;

    /// How a request is to be taken.
    enum Authenticity {
        AUTHENTIC,
        /// Meant for the credentials before the latest restart: answered, and nothing is learned from it.
        RETIRED,
        /// Meant for the credentials of a restart that is offered, and not answered yet.
        UPCOMING,
        /// USERNAME or MESSAGE-INTEGRITY is missing.
        INCOMPLETE,
        /// Meant for somebody else, or signed by who does not know the password.
        FOREIGN,
        /// Between credentials of this side and others of the other side than belong to them: one of the two restarts,
        /// and this is what the other would check by in between.
        MIXED
    }

    private record Local(IceCredentials credentials, StunKey key) {
        static Local of(IceCredentials credentials) {
            return new Local(credentials, StunKey.shortTerm(credentials.pwd()));
        }

        boolean isMeant(StunParse.Received request, String username) {
            return username.startsWith(credentials.ufrag() + ":")
                    && request.seal().verify(key) == StunSeal.Verdict.VALID;
        }
    }

    private Local local;
    private @Nullable Local retired;
    private @Nullable Local upcoming;
    private @Nullable IceCredentials remote;
    private @Nullable StunKey remoteKey;

    CheckMessages(IceCredentials local) {
        this.local = Local.of(local);
    }

    @Nullable
    IceCredentials remote() {
        return remote;
    }

    void setRemote(IceCredentials credentials) {
        remote = credentials;
        remoteKey = StunKey.shortTerm(credentials.pwd());
    }

    @Nullable
    IceCredentials upcoming() {
        return upcoming == null ? null : upcoming.credentials;
    }

    /// By which credentials this side may be called before it restarts; none when null.
    void setUpcoming(@Nullable IceCredentials credentials) {
        upcoming = credentials == null ? null : Local.of(credentials);
    }

    void restart(IceCredentials newLocal) {
        retired = local;
        local = Local.of(newLocal);
        remote = null;
        remoteKey = null;
    }

    Authenticity authenticate(StunParse.Received request) {
        StunAttribute.Username username = request.message().find(StunAttribute.Username.class);
        if (username == null || request.seal().verify(local.key) == StunSeal.Verdict.ABSENT) {
            return Authenticity.INCOMPLETE;
        }
        if (local.isMeant(request, username.value())) {
            return remote == null || isOfPresentRemote(username.value()) ? Authenticity.AUTHENTIC : Authenticity.MIXED;
        }
        if (retired != null && retired.isMeant(request, username.value())) {
            return isOfPresentRemote(username.value()) ? Authenticity.MIXED : Authenticity.RETIRED;
        }
        if (upcoming != null && upcoming.isMeant(request, username.value())) {
            return isOfPresentRemote(username.value()) ? Authenticity.MIXED : Authenticity.UPCOMING;
        }
        return Authenticity.FOREIGN;
    }

    private boolean isOfPresentRemote(String username) {
        return remote != null && username.endsWith(":" + remote.ufrag());
    }

    boolean isFromRemote(StunParse.Received response) {
        return remoteKey != null && response.seal().verify(remoteKey) == StunSeal.Verdict.VALID;
    }

    /// Writes a Binding request to the other side; how many bytes.
    int writeRequest(ByteBuffer into, TransactionId id, Candidate from, RoleClaim claim, boolean useCandidate) {
        if (remote == null || remoteKey == null) {
            throw new IllegalStateException("a check needs the other side's credentials");
        }
        List<StunAttribute> attributes = new ArrayList<>();
        attributes.add(new StunAttribute.Username(remote.ufrag() + ":" + local.credentials.ufrag()));
        attributes.add(new StunAttribute.Priority(from.reflexivePriority()));
        attributes.add(
                claim.role() == IceRole.CONTROLLING
                        ? new StunAttribute.IceControlling(claim.tieBreaker())
                        : new StunAttribute.IceControlled(claim.tieBreaker()));
        if (useCandidate) {
            attributes.add(new StunAttribute.UseCandidate());
        }
        return new StunMessage(StunClass.REQUEST, StunMessage.BINDING, id, attributes).write(into, remoteKey);
    }

    byte[] success(StunMessage request, InetSocketAddress source, Authenticity authenticity) {
        return answer(request, StunClass.SUCCESS_RESPONSE, authenticity, new StunAttribute.XorMappedAddress(source));
    }

    byte[] error(StunMessage request, int code, String reason, Authenticity authenticity) {
        return answer(request, StunClass.ERROR_RESPONSE, authenticity, new ErrorCode(code, reason));
    }

    byte[] unknownAttributes(StunMessage request, List<Integer> unknown, Authenticity authenticity) {
        return answer(
                request,
                StunClass.ERROR_RESPONSE,
                authenticity,
                new ErrorCode(ErrorCode.UNKNOWN_ATTRIBUTE, "Unknown Attribute"),
                new StunAttribute.UnknownAttributes(unknown));
    }

    private byte[] answer(
            StunMessage request, StunClass answerClass, Authenticity authenticity, StunAttribute... attributes) {
        StunMessage answer = StunMessage.binding(answerClass, request.transactionId(), attributes);
        ByteBuffer into = ByteBuffer.allocate(ANSWER_BYTES);
        switch (authenticity) {
            case AUTHENTIC -> answer.write(into, local.key);
            case RETIRED -> answer.write(into, retired == null ? local.key : retired.key);
            case UPCOMING -> answer.write(into, upcoming == null ? local.key : upcoming.key);
            case INCOMPLETE, FOREIGN, MIXED -> answer.writeWithFingerprint(into);
        }
        byte[] bytes = new byte[into.position()];
        into.flip().get(bytes);
        return bytes;
    }

    /// The comprehension-required attributes that nobody here comprehends.
    static List<Integer> unknownIn(StunMessage message) {
        List<Integer> unknown = new ArrayList<>();
        for (StunAttribute attribute : message.attributes()) {
            if (attribute instanceof StunAttribute.Unknown(int type, ByteBuffer _)
                    && StunAttribute.isComprehensionRequired(type)) {
                unknown.add(type);
            }
        }
        return unknown;
    }
}
