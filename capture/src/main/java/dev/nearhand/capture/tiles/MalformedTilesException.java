package dev.nearhand.capture.tiles;

/// What came is none of our tiles. Nothing of it was taken.
public final class MalformedTilesException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedTilesException(String what) {
        super(what, null, false, false); // a stack trace for each bad message would be a way to be kept busy
    }
}
