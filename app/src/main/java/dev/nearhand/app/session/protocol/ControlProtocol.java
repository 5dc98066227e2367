package dev.nearhand.app.session.protocol;

import dev.nearhand.app.json.Decoded;
import dev.nearhand.app.json.RecordCodec;
import java.nio.ByteBuffer;

/// The control protocol's constants, and its JSON. Any thread.
public final class ControlProtocol {
    /// Spoken here. A side that meets a higher version speaks its own and ignores what it does not know; version 1 is
    /// understood by all.
    public static final int VERSION = 1;

    /// Label of the reliable, ordered data channel, which carries every message.
    public static final String CONTROL_LABEL = "control";

    /// Label of the unordered data channel without retransmissions, for [ControlMessage.Pointer],
    /// [ControlMessage.CursorPosition] and [ControlMessage.Holding].
    public static final String POINTER_LABEL = "pointer";

    /// Label of the data channel for tiles, reliable and ordered. The host opens it when the viewer has announced
    /// [#TILES_CAPABILITY].
    public static final String TILES_LABEL = "tiles";

    /// The member of `hello`'s capabilities that says that this side knows tiles, in their first version.
    public static final String TILES_CAPABILITY = "tiles1";

    /// The member of `hello`'s capabilities that says that this side knows moves among the tiles.
    public static final String MOVES_CAPABILITY = "moves1";

    /// Name of the video track.
    public static final String VIDEO_NAME = "screen";

    /// The largest message to a host.
    public static final int TO_HOST_LIMIT_BYTES = 32 * 1024;

    /// The largest message to a viewer: a cursor of the largest size in base64, and some.
    public static final int TO_VIEWER_LIMIT_BYTES = 384 * 1024;

    private static final RecordCodec<ControlMessage> HOST =
            new RecordCodec<>(ControlMessage.class, TO_HOST_LIMIT_BYTES);
    private static final RecordCodec<ControlMessage> VIEWER =
            new RecordCodec<>(ControlMessage.class, TO_VIEWER_LIMIT_BYTES);

    private ControlProtocol() {}

    public static String encode(ControlMessage message) {
        return VIEWER.encode(message);
    }

    public static Decoded<ControlMessage> decodeAtHost(ByteBuffer utf8) {
        return HOST.decode(utf8);
    }

    public static Decoded<ControlMessage> decodeAtViewer(ByteBuffer utf8) {
        return VIEWER.decode(utf8);
    }
}
