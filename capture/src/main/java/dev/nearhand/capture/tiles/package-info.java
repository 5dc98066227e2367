/// The second carrier of the picture beside video: small and settled regions, lossless, as tiles of a grid.
///
/// Pure code: no thread, no clock, no native call. [dev.nearhand.capture.tiles.TileSource] is the host's side, it finds
/// what changed and says what to send; [dev.nearhand.capture.tiles.TileCompositor] is the viewer's, it lays tiles and
/// video over each other in capture order. The format of what travels is in docs/protocol.md.
@NullMarked
package dev.nearhand.capture.tiles;

import org.jspecify.annotations.NullMarked;
