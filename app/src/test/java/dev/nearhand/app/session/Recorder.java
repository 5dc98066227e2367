package dev.nearhand.app.session;

import dev.nearhand.capture.codec.DecodeResult;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Remembers what a viewer's session reports.
final class Recorder implements ViewerListener {
    final List<String> sentences = new CopyOnWriteArrayList<>();
    final List<String> sizes = new CopyOnWriteArrayList<>();
    volatile ViewerState state = ViewerState.CONNECTING;
    /// What is done by who is told, at that moment.
    volatile Consumer<ViewerState> onTold = _ -> {};
    volatile String hostName = "";
    volatile int pictures;
    volatile boolean control;
    volatile @Nullable CursorShape shape;
    volatile @Nullable CursorPosition cursor;

    String last() {
        return sentences.getLast();
    }

    @Override
    public void onState(ViewerState now, String sentence) {
        sentences.add(sentence);
        state = now;
        onTold.accept(now);
    }

    @Override
    public void onPicture(DecodedPicture picture) {
        pictures = pictures + 1;
    }

    @Override
    public void onScreen(int width, int height) {
        sizes.add(width + "x" + height);
    }

    @Override
    public void onHostName(String name) {
        hostName = name;
    }

    @Override
    public void onCursorShape(CursorShape newShape) {
        shape = newShape;
    }

    @Override
    public void onCursorPosition(CursorPosition position) {
        cursor = position;
    }

    @Override
    public void onControl(boolean allowed) {
        control = allowed;
    }

    /// Makes a picture of one pixel of whatever it is given.
    static VideoDecoder decoder(VideoCodec codec) {
        return new VideoDecoder() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public VideoCodec codec() {
                return codec;
            }

            @Override
            public DecodeResult decode(ByteBuffer encoded) {
                return encoded.remaining() == 3
                        ? new DecodeResult.Picture(
                                new DecodedPicture(1, 1, 4, true, MemorySegment.ofArray(new byte[4]), () -> {}))
                        : new DecodeResult.Broken("not three bytes");
            }

            @Override
            public void close() {}
        };
    }
}
