package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunClass;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The long-term credential mechanism of the client ([RFC 8489 section
/// 9.2](https://www.rfc-editor.org/rfc/rfc8489#section-9.2)): what the server demanded last, and the key that follows.
final class Credentials {
    /// "MUST be a sequence of fewer than 128 characters": longer ones are no demand that can be met.
    static final int MAX_CHARACTERS = 128;

    private final String username;
    private final String password;
    private @Nullable String realm;
    private @Nullable String nonce;
    private @Nullable StunKey key;

    Credentials(String username, String password) {
        this.username = username;
        this.password = password;
    }

    /// Takes the realm and the nonce of a 401 or a 438; false when they are not there or too long, or when there
    /// is no name to answer them with.
    boolean learn(StunMessage response) {
        StunAttribute.Nonce newNonce = response.find(StunAttribute.Nonce.class);
        StunAttribute.Realm newRealm = response.find(StunAttribute.Realm.class);
        if (username.isEmpty()) {
            return false; // this client is nobody
        }
        if (newNonce == null || newRealm == null && realm == null) {
            return false;
        }
        if (newNonce.value().length() > MAX_CHARACTERS
                || newRealm != null && newRealm.value().length() > MAX_CHARACTERS) {
            return false;
        }
        nonce = newNonce.value();
        if (newRealm != null && !newRealm.value().equals(realm)) {
            realm = newRealm.value();
            key = StunKey.longTerm(username, newRealm.value(), password);
        }
        return true;
    }

    /// What requests are signed with, or null while the server has demanded nothing.
    @Nullable
    StunKey key() {
        return key;
    }

    /// A server that demands credentials signs its answers; the errors that say which are demanded it cannot sign.
    ///
    /// @param error of the response to a signed request, null where it is none
    boolean trusts(StunParse.Received response, @Nullable ErrorCode error) {
        if (key == null) {
            return true;
        }
        return switch (response.seal().verify(key)) {
            case VALID -> true;
            case ABSENT -> error != null;
            case WRONG ->
                error != null && (error.code() == ErrorCode.UNAUTHENTICATED || error.code() == ErrorCode.STALE_NONCE);
        };
    }

    /// Writes a request with what the server has demanded; how many bytes.
    int write(Transaction transaction, ByteBuffer into) {
        Request request = transaction.request;
        List<StunAttribute> attributes = addedTo(request.attributes());
        StunMessage message = new StunMessage(StunClass.REQUEST, request.method(), transaction.id, attributes);
        return key == null ? message.writeWithFingerprint(into) : message.write(into, key);
    }

    private List<StunAttribute> addedTo(List<StunAttribute> attributes) {
        if (realm == null || nonce == null) {
            return attributes;
        }
        List<StunAttribute> all = new ArrayList<>(attributes);
        all.add(new StunAttribute.Username(username));
        all.add(new StunAttribute.Realm(realm));
        all.add(new StunAttribute.Nonce(nonce));
        return all;
    }
}
