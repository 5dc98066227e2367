package dev.nearhand.app.session;

import dev.nearhand.capture.pipeline.LatestSlot;
import dev.nearhand.capture.screen.ScreenFrame;
import dev.nearhand.capture.tiles.TileSource;
import org.jspecify.annotations.Nullable;

/// A captured frame, and what the tiles make of it.
///
/// @param source whose tiles it was looked at for; null when there are none
/// @param change what it has changed; null when there are no tiles
/// @param video whether the video has to show it: something of it, or of a frame whose place it took, did not travel as
///     tiles
record SeenFrame(ScreenFrame frame, @Nullable TileSource source, TileSource.@Nullable Change change, boolean video)
        implements AutoCloseable {
    static SeenFrame plain(ScreenFrame frame) {
        return new SeenFrame(frame, null, null, true);
    }

    /// `newer` in the place of `older`.
    static SeenFrame takeOver(SeenFrame older, SeenFrame newer) {
        return new SeenFrame(
                LatestSlot.takeOver(older.frame, newer.frame), newer.source, newer.change, older.video || newer.video);
    }

    @Override
    public void close() {
        frame.close();
    }
}
