package dev.nearhand.transport.turn;

import dev.nearhand.transport.stun.StunAttribute.ErrorCode;

/// What a server's error codes mean for who configured it. The server's own text is not repeated: it may hold anything.
final class TurnRefusal {
    private TurnRefusal() {}

    static String inWords(int code) {
        return switch (code) {
            case ErrorCode.TRY_ALTERNATE -> "the relay server only names other servers";
            case ErrorCode.UNAUTHENTICATED, ErrorCode.WRONG_CREDENTIALS ->
                "the relay server refused the user name or the password";
            case ErrorCode.FORBIDDEN -> "the relay server does not serve this user or this address";
            case ErrorCode.ALLOCATION_MISMATCH -> "the relay server still holds an older allocation of this address";
            case ErrorCode.STALE_NONCE -> "the relay server takes none of the nonces that it gives";
            case ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED -> "the relay server has no address of this family";
            case ErrorCode.UNSUPPORTED_TRANSPORT -> "the relay server does not relay UDP";
            case ErrorCode.ALLOCATION_QUOTA_REACHED -> "the relay server grants this user no further allocation";
            case ErrorCode.INSUFFICIENT_CAPACITY -> "the relay server has no capacity left";
            default -> "the relay server refused with error " + code;
        };
    }
}
