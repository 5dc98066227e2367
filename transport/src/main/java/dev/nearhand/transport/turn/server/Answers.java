package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.TransactionId;
import dev.nearhand.transport.turn.Counters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the server's STUN messages.
final class Answers {
    private static final int LARGEST_BYTES = 4_096;

    private final Outbox outbox;
    private final Counters counters;
    private final StunAttribute.Software software;
    private final StunAttribute.Realm realm;
    private final ByteBuffer scratch = ByteBuffer.allocate(LARGEST_BYTES);

    Answers(Outbox outbox, Counters counters, String software, String realm) {
        this.outbox = outbox;
        this.counters = counters;
        this.software = new StunAttribute.Software(software);
        this.realm = new StunAttribute.Realm(realm);
    }

    /// @param key of who has proved to be somebody, or null
    void success(Client client, StunMessage request, @Nullable StunKey key, List<StunAttribute> attributes) {
        send(client, StunClass.SUCCESS_RESPONSE, request, key, attributes);
    }

    void error(Client client, StunMessage request, @Nullable StunKey key, int code, StunAttribute... more) {
        counters.count("errors." + code);
        List<StunAttribute> attributes = new ArrayList<>(List.of(new ErrorCode(code, reason(code))));
        attributes.addAll(List.of(more));
        send(client, StunClass.ERROR_RESPONSE, request, key, attributes);
    }

    /// Says what to prove, and with which nonce.
    void demand(Client client, StunMessage request, int code, String nonce) {
        error(client, request, null, code, realm, new StunAttribute.Nonce(nonce));
    }

    private void send(
            Client client,
            StunClass answerClass,
            StunMessage request,
            @Nullable StunKey key,
            List<StunAttribute> attributes) {
        List<StunAttribute> all = new ArrayList<>(attributes);
        all.add(software);
        StunMessage answer = new StunMessage(answerClass, request.method(), request.transactionId(), all);
        scratch.clear();
        if (key == null) {
            answer.writeWithFingerprint(scratch);
        } else {
            answer.write(scratch, key);
        }
        outbox.add(client, written());
    }

    /// A peer's datagram for a client.
    void indication(Client client, TransactionId id, StunAttribute... attributes) {
        scratch.clear();
        new StunMessage(StunClass.INDICATION, StunMessage.DATA, id, List.of(attributes)).write(scratch);
        outbox.add(client, written());
    }

    private byte[] written() {
        byte[] bytes = new byte[scratch.position()];
        scratch.get(0, bytes);
        return bytes;
    }

    private static String reason(int code) {
        return switch (code) {
            case ErrorCode.BAD_REQUEST -> "Bad Request";
            case ErrorCode.UNAUTHENTICATED -> "Unauthenticated";
            case ErrorCode.FORBIDDEN -> "Forbidden";
            case ErrorCode.UNKNOWN_ATTRIBUTE -> "Unknown Attribute";
            case ErrorCode.ALLOCATION_MISMATCH -> "Allocation Mismatch";
            case ErrorCode.STALE_NONCE -> "Stale Nonce";
            case ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED -> "Address Family not Supported";
            case ErrorCode.WRONG_CREDENTIALS -> "Wrong Credentials";
            case ErrorCode.UNSUPPORTED_TRANSPORT -> "Unsupported Transport Protocol";
            case ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH -> "Peer Address Family Mismatch";
            case ErrorCode.ALLOCATION_QUOTA_REACHED -> "Allocation Quota Reached";
            case ErrorCode.INSUFFICIENT_CAPACITY -> "Insufficient Capacity";
            default -> "";
        };
    }
}
