package dev.nearhand.transport.turn.server;

import dev.nearhand.transport.stun.StunAttribute;
import dev.nearhand.transport.stun.StunAttribute.ErrorCode;
import dev.nearhand.transport.stun.StunKey;
import dev.nearhand.transport.stun.StunMessage;
import dev.nearhand.transport.stun.StunParse;
import dev.nearhand.transport.stun.StunSeal;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The server's side of the long-term credential mechanism ([RFC 8489 section
/// 9.2](https://www.rfc-editor.org/rfc/rfc8489#section-9.2)).
final class Authenticator {
    /// What a request has proved.
    sealed interface Verdict {
        record Proved(Login login) implements Verdict {}

        /// @param code 400, 401 or 438; with the last two go a realm and a nonce
        record Refused(int code) implements Verdict {}
    }

    private final String realm;
    private final UserDirectory users;
    private final Nonces nonces;
    private final InstantSource wallClock;

    Authenticator(String realm, UserDirectory users, Nonces nonces, InstantSource wallClock) {
        this.realm = realm;
        this.users = users;
        this.nonces = nonces;
        this.wallClock = wallClock;
    }

    /// @param existing what the client has already: whoever made it goes on with it, even when the credentials have
    ///     run out meanwhile
    Verdict check(long nowNanos, StunParse.Received received, Client client, @Nullable Allocation existing) {
        StunMessage request = received.message();
        if (!received.seal().isPresent()) {
            return new Verdict.Refused(ErrorCode.UNAUTHENTICATED);
        }
        StunAttribute.Username username = request.find(StunAttribute.Username.class);
        StunAttribute.Nonce nonce = request.find(StunAttribute.Nonce.class);
        if (username == null || nonce == null || !request.has(StunAttribute.Realm.class)) {
            return new Verdict.Refused(ErrorCode.BAD_REQUEST);
        }
        if (!nonces.isGood(nowNanos, nonce.value(), client.address())) {
            return new Verdict.Refused(ErrorCode.STALE_NONCE);
        }
        Login login = existing != null && existing.login.username().equals(username.value())
                ? existing.login
                : loginOf(username.value());
        if (login == null || received.seal().verify(login.key()) != StunSeal.Verdict.VALID) {
            return new Verdict.Refused(ErrorCode.UNAUTHENTICATED);
        }
        return new Verdict.Proved(login);
    }

    private @Nullable Login loginOf(String username) {
        UserDirectory.User user = users.find(username, wallClock.instant());
        return user == null
                ? null
                : new Login(username, user.account(), StunKey.longTerm(username, realm, user.password()));
    }
}
