package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.ui.video.CharToCodePoint;
import dev.nearhand.capture.input.x11.TypedCharacters;
import dev.nearhand.capture.x11.X11Exception;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The characters that are typed on this machine, whole: on X11 with the help of the keyboard map, elsewhere as JavaFX
/// reports them. Made before the toolkit starts; used by the FX thread.
final class LocalCharacters implements CharToCodePoint, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalCharacters.class);

    private @Nullable TypedCharacters typed;

    LocalCharacters() {
        String display = System.getenv("DISPLAY");
        boolean x11 = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
                && display != null
                && !System.getProperty("glass.platform", "").equals("Headless");
        if (x11) {
            try {
                typed = TypedCharacters.open(display);
            } catch (X11Exception failure) {
                LOG.info("characters beyond the basic plane cannot be typed here: {}", failure.getMessage());
            }
        }
    }

    @Override
    public int codePoint(char reported) {
        TypedCharacters characters = typed;
        if (characters == null) {
            return reported;
        }
        try {
            return characters.codePoint(reported);
        } catch (X11Exception failure) {
            LOG.info("the keyboard map cannot be read any more: {}", failure.getMessage());
            close();
            return reported;
        }
    }

    @Override
    public void close() {
        TypedCharacters characters = typed;
        typed = null;
        if (characters != null) {
            characters.close();
        }
    }
}
