package dev.nearhand.app.cli;

import dev.nearhand.capture.codec.DecodedPicture;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/// Keeps a copy of the newest picture and writes it as PNG. Any thread.
final class SnapshotKeeper {
    private static final ValueLayout.OfInt PIXEL = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private @Nullable BufferedImage newest;

    synchronized void keep(DecodedPicture picture) {
        BufferedImage image = newest;
        if (image == null || image.getWidth() != picture.width() || image.getHeight() != picture.height()) {
            image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
            newest = image;
        }
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        MemorySegment rows = picture.bgra();
        for (int y = 0; y < picture.height(); y++) {
            MemorySegment.copy(
                    rows, PIXEL, (long) y * picture.strideBytes(), pixels, y * picture.width(), picture.width());
        }
    }

    /// @throws CommandException when there is no picture yet, or the file cannot be written
    synchronized void write(Path file) {
        BufferedImage image = newest;
        if (image == null) {
            throw new CommandException(ExitCode.FAILED, "No picture has arrived, so there is nothing to write.");
        }
        try {
            if (!ImageIO.write(image, "png", file.toFile())) {
                throw new CommandException(ExitCode.MISSING, "This Java cannot write PNG files.");
            }
        } catch (IOException failure) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "The picture cannot be written to " + file
                            + "; choose a folder that exists and can be written to.");
        }
    }
}
