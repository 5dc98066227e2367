package dev.nearhand.app.ui.video;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import javafx.geometry.Point2D;
import javafx.scene.input.InputMethodEvent;
import javafx.scene.input.InputMethodRequests;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import org.jspecify.annotations.Nullable;

/// What the person does on a [VideoSurface], as [RemoteInput].
///
/// A key that writes a character is sent as that text, so that it arrives whatever the layouts of the two machines; a
/// key that does not, and every key pressed together with Control, Alt or Meta, is sent as a key going down and up.
/// FX thread only.
final class SurfaceInput {
    private final VideoSurface surface;
    private final Set<String> heldKeys = new LinkedHashSet<>();
    private @Nullable RemoteInput target;
    private CharToCodePoint whole = reported -> reported;
    private boolean unknownKey;
    private char highSurrogate;

    SurfaceInput(VideoSurface surface) {
        this.surface = surface;
        surface.addEventHandler(MouseEvent.MOUSE_MOVED, this::moved);
        surface.addEventHandler(MouseEvent.MOUSE_DRAGGED, this::moved);
        surface.addEventHandler(MouseEvent.MOUSE_PRESSED, event -> button(event, true));
        surface.addEventHandler(MouseEvent.MOUSE_RELEASED, event -> button(event, false));
        surface.addEventHandler(ScrollEvent.SCROLL, this::scrolled);
        surface.addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
        surface.addEventHandler(KeyEvent.KEY_RELEASED, this::released);
        surface.addEventHandler(KeyEvent.KEY_TYPED, this::typed);
        surface.setOnInputMethodTextChanged(this::composed);
        surface.setInputMethodRequests(new AtPointer());
        surface.focusedProperty().addListener((_, _, focused) -> {
            if (!focused && surface.controllingProperty().get()) {
                releaseAll();
            }
        });
        surface.controllingProperty().addListener((_, _, controlling) -> {
            if (!controlling) {
                releaseAll();
            }
        });
    }

    void setTarget(RemoteInput newTarget) {
        target = newTarget;
    }

    void setCharacters(CharToCodePoint characters) {
        whole = characters;
    }

    private @Nullable RemoteInput active() {
        return surface.controllingProperty().get() && surface.pictureWidth() > 0 ? target : null;
    }

    private void moved(MouseEvent event) {
        RemoteInput remote = active();
        if (remote != null) {
            remote.pointerMoved(surface.remoteX(event.getX()), surface.remoteY(event.getY()));
            event.consume();
        }
    }

    private void button(MouseEvent event, boolean down) {
        if (down) {
            surface.requestFocus();
        }
        RemoteInput remote = active();
        int number = buttonNumber(event.getButton());
        if (remote != null && number > 0) {
            remote.button(surface.remoteX(event.getX()), surface.remoteY(event.getY()), number, down);
            event.consume();
        }
    }

    private static int buttonNumber(MouseButton button) {
        return switch (button) {
            case PRIMARY -> 1;
            case MIDDLE -> 2;
            case SECONDARY -> 3;
            case BACK -> 4;
            case FORWARD -> 5;
            case NONE -> 0;
        };
    }

    private void scrolled(ScrollEvent event) {
        RemoteInput remote = active();
        if (remote == null || event.isInertia()) {
            return;
        }
        double notchesX = -event.getDeltaX() / event.getMultiplierX();
        double notchesY = -event.getDeltaY() / event.getMultiplierY();
        remote.wheel(surface.remoteX(event.getX()), surface.remoteY(event.getY()), notchesX, notchesY);
        event.consume();
    }

    private void pressed(KeyEvent event) {
        RemoteInput remote = active();
        if (remote == null) {
            return;
        }
        unknownKey = event.getCode() == KeyCode.UNDEFINED;
        Optional<String> name = KeyNames.of(event.getCode());
        if (name.isPresent() && (!writesText(event.getCode()) || isShortcut(event))) {
            heldKeys.add(name.get());
            remote.key(name.get(), true);
        }
        event.consume();
    }

    private void released(KeyEvent event) {
        RemoteInput remote = active();
        Optional<String> name = KeyNames.of(event.getCode());
        if (remote != null && name.isPresent() && heldKeys.remove(name.get())) {
            remote.key(name.get(), false);
        }
        if (remote != null) {
            event.consume();
        }
    }

    private void typed(KeyEvent event) {
        RemoteInput remote = active();
        if (remote == null) {
            return;
        }
        event.consume();
        if (!isShortcut(event)) {
            sendText(remote, unknownKey ? whole(event.getCharacter()) : event.getCharacter());
        }
    }

    /// A key that JavaFX has no code for may have written a character that it could not deliver whole.
    private String whole(String typed) {
        return typed.length() == 1 && !Character.isSurrogate(typed.charAt(0))
                ? Character.toString(whole.codePoint(typed.charAt(0)))
                : typed;
    }

    private void composed(InputMethodEvent event) {
        RemoteInput remote = active();
        if (remote != null && !event.getCommitted().isEmpty()) {
            sendText(remote, event.getCommitted());
            event.consume();
        }
    }

    /// Sends what was written, without control characters (their keys were sent), and with the two halves of a
    /// character beyond the BMP joined when the platform delivers them apart.
    private void sendText(RemoteInput remote, String written) {
        StringBuilder text = new StringBuilder(written.length() + 1);
        for (char unit : written.toCharArray()) {
            if (Character.isHighSurrogate(unit)) {
                highSurrogate = unit;
            } else if (Character.isLowSurrogate(unit)) {
                if (highSurrogate != 0) {
                    text.append(highSurrogate).append(unit);
                }
                highSurrogate = 0;
            } else if (!Character.isISOControl(unit)) {
                text.append(unit);
            }
        }
        if (!text.isEmpty()) {
            remote.text(text.toString());
        }
    }

    /// AltGr writes characters, and Windows reports it as Control with Alt.
    private static boolean isShortcut(KeyEvent event) {
        return event.isControlDown() != event.isAltDown() || event.isMetaDown();
    }

    private static boolean writesText(KeyCode code) {
        return switch (code) {
            case ENTER, TAB, BACK_SPACE, ESCAPE, DELETE -> false;
            case SPACE -> true;
            default ->
                code.isLetterKey()
                        || code.isDigitKey()
                        || code == KeyCode.ALT_GRAPH
                        || !(code.isFunctionKey()
                                || code.isModifierKey()
                                || code.isNavigationKey()
                                || code.isArrowKey()
                                || isSystemKey(code));
        };
    }

    private static boolean isSystemKey(KeyCode code) {
        return switch (code) {
            case INSERT, CONTEXT_MENU, CAPS, NUM_LOCK, SCROLL_LOCK, PRINTSCREEN, PAUSE, WINDOWS, COMMAND -> true;
            default -> false;
        };
    }

    private void releaseAll() {
        highSurrogate = 0;
        heldKeys.clear();
        RemoteInput remote = target;
        if (remote != null) {
            remote.releaseAll();
        }
    }

    /// Lets an input method compose here; it shows its own window, since the remote caret is not known.
    private final class AtPointer implements InputMethodRequests {
        @Override
        public Point2D getTextLocation(int offset) {
            Point2D bottomLeft = surface.localToScreen(0, surface.getHeight());
            return bottomLeft == null ? Point2D.ZERO : bottomLeft;
        }

        @Override
        public int getLocationOffset(int x, int y) {
            return 0;
        }

        @Override
        public void cancelLatestCommittedText() {}

        @Override
        public String getSelectedText() {
            return "";
        }
    }
}
