package dev.nearhand.capture.x11;

import static dev.nearhand.capture.x11.Native.INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory shared with the X server (MIT-SHM) that holds a picture of a part of the root window, 4 bytes a pixel.
///
/// The System V segment is marked for removal as soon as it is mapped, so a killed process leaves nothing behind.
/// [#read] and [#detach()] belong to the thread of the connection, [#unmap()] to any.
public final class ShmImage {
    private static final int IPC_PRIVATE = 0;
    private static final int IPC_RMID = 0;
    private static final int IPC_CREAT_FOR_US = 0x200 | 0x180;
    private static final int Z_PIXMAP = 2;
    private static final long ALL_PLANES = -1L;
    private static final long HEIGHT_OFFSET = 4;
    private static final long DATA_OFFSET = 16;
    private static final long BYTES_PER_LINE_OFFSET = 44;
    private static final long BITS_PER_PIXEL_OFFSET = 48;

    private final X11Display display;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment info;
    private final MemorySegment image;
    private final MemorySegment pixels;
    private final int width;
    private final int height;
    private final int strideBytes;

    /// @throws X11Exception when the pixels are not what the class header says, or memory cannot be shared
    public ShmImage(X11Display display, X11Display.RootWindow root, int width, int height) {
        this.display = display;
        this.width = width;
        this.height = height;
        MemorySegment handle = display.handle();
        requireTrueColour(root);
        if (LibXext.xShmQueryExtension(handle) == 0) {
            throw X11Exception.refused("the X server " + display.name()
                    + " has no MIT-SHM extension; run Nearhand on the machine of the display");
        }
        info = arena.allocate(32, 8);
        MemorySegment made = LibXext.xShmCreateImage(
                handle, root.visual(), root.depth(), Z_PIXMAP, MemorySegment.NULL, info, width, height);
        if (made.equals(MemorySegment.NULL)) {
            throw X11Exception.refused("no image of " + width + "x" + height + " can be made");
        }
        image = Native.sized(made, 136);
        strideBytes = image.get(INT, BYTES_PER_LINE_OFFSET);
        if (image.get(INT, BITS_PER_PIXEL_OFFSET) != 32) {
            LibX11.xFree(image);
            throw unsupportedDepth(root);
        }
        try {
            pixels = map((long) strideBytes * height);
            attach();
        } catch (RuntimeException failure) {
            // the server forgets a segment that it refused, or has gone
            LibX11.xFree(image);
            unmap();
            throw failure;
        }
    }

    private void attach() {
        info.set(ValueLayout.ADDRESS, 16, pixels);
        info.set(INT, 24, 0);
        display.takeError();
        int attached = LibXext.xShmAttach(display.handle(), info);
        display.sync();
        if (attached == 0 || display.takeError().isPresent()) {
            throw X11Exception.refused("the X server " + display.name() + " does not share memory with this program;"
                    + " run both on one machine, in a container with --ipc=host");
        }
    }

    private static void requireTrueColour(X11Display.RootWindow root) {
        if (root.depth() < 24 || root.redMask() != 0xFF0000 || root.greenMask() != 0xFF00 || root.blueMask() != 0xFF) {
            throw unsupportedDepth(root);
        }
    }

    private static X11Exception unsupportedDepth(X11Display.RootWindow root) {
        return X11Exception.refused("the screen has a colour depth of " + root.depth()
                + " bits in a layout that cannot be captured; start the X server with a depth of 24");
    }

    private MemorySegment map(long bytes) {
        int id = LibC.shmget(IPC_PRIVATE, Math.max(bytes, 4096), IPC_CREAT_FOR_US);
        if (id < 0) {
            throw X11Exception.refused("no shared memory for " + bytes + " bytes; see the limits of `ipcs -l`");
        }
        info.set(INT, 8, id);
        MemorySegment address = LibC.shmat(id, MemorySegment.NULL, 0);
        LibC.shmctl(id, IPC_RMID, MemorySegment.NULL);
        if (address.address() == -1) {
            throw X11Exception.refused("shared memory of " + bytes + " bytes cannot be mapped");
        }
        return mapped(address, bytes);
    }

    @SuppressWarnings("restricted")
    private MemorySegment mapped(MemorySegment address, long bytes) {
        return address.reinterpret(bytes, arena, LibC::shmdt);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public int strideBytes() {
        return strideBytes;
    }

    public MemorySegment pixels() {
        return pixels;
    }

    /// Reads rows of the root window into the same rows of this image: whole rows keep the stride, so the server
    /// writes them where they belong and nothing is copied.
    ///
    /// @param x where column 0 of this image is on the root window
    /// @param y where row 0 of this image is on the root window
    /// @param top the first row to read, of this image
    /// @param rows at least 1
    /// @return false when the server refused, because the root window no longer covers it
    public boolean read(int x, int y, int top, int rows) {
        return read(display.root(), x, y, top, rows);
    }

    boolean read(long drawable, int x, int y, int top, int rows) {
        image.set(INT, HEIGHT_OFFSET, rows);
        image.set(ValueLayout.ADDRESS, DATA_OFFSET, pixels.asSlice((long) top * strideBytes));
        display.takeError();
        int done = LibXext.xShmGetImage(display.handle(), drawable, image, x, y + top, ALL_PLANES);
        display.check();
        return display.takeError().isEmpty() && done != 0;
    }

    /// The server lets go of it; the pixels stay readable here.
    public void detach() {
        LibXext.xShmDetach(display.handle(), info);
        image.set(ValueLayout.ADDRESS, DATA_OFFSET, MemorySegment.NULL);
        LibX11.xFree(image);
    }

    /// Gives the memory back. Reading the pixels afterwards is an exception, not a crash.
    public void unmap() {
        arena.close();
    }
}
