package dev.nearhand.transport.peer;

/// This side wants one track more of the other side. A wish is itself only, whatever it is for.
final class ReceiveWish {
    final boolean audio;

    ReceiveWish(boolean audio) {
        this.audio = audio;
    }
}
