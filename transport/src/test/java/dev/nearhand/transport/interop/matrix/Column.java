package dev.nearhand.transport.interop.matrix;

import dev.nearhand.transport.api.VideoCodec;
import java.util.ArrayList;
import java.util.List;

/// One thing that is tried with every program.
///
/// @param key as a driver names it where its program cannot do it
/// @param title in the page
record Column(String key, String title) {
    static final Column CONNECT = new Column("connect", "connect");
    static final Column ORDERED = new Column("ordered", "1 MiB ordered");
    static final Column UNORDERED = new Column("unordered", "1 MiB unordered");
    static final Column PARTIAL = new Column("partial", "1 MiB partially reliable");
    static final Column RESTART = new Column("restart", "ICE restart");
    static final Column CLOSE = new Column("close", "close is seen");
    static final Column TRICKLE = new Column("trickle", "trickle");

    /// Video of ours that is decoded there.
    static Column sent(VideoCodec codec) {
        return new Column("receive " + codec, codec + " to it");
    }

    /// Video of theirs that is decoded here.
    static Column taken(VideoCodec codec) {
        return new Column("send " + codec, codec + " from it");
    }

    static List<Column> all() {
        List<Column> all = new ArrayList<>(List.of(CONNECT, ORDERED, UNORDERED, PARTIAL, RESTART, CLOSE, TRICKLE));
        for (VideoCodec codec : VideoCodec.values()) {
            all.add(sent(codec));
            all.add(taken(codec));
        }
        return all;
    }
}
