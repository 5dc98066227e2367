package dev.nearhand.app.ui.home;

import java.util.Set;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/// What the home window shows and what its buttons do, without a scene graph. FX thread only.
public final class HomeViewModel {
    /// Longest address that is looked at: a host name has at most 253 characters (RFC 1035), and a port follows.
    private static final int ADDRESS_MAX_CHARS = 260;
    /// Of a host's own listener, and of a rendezvous.
    private static final Set<Integer> CODE_DIGITS = Set.of(9, 15);

    private final HomeActions actions;
    private final ReadOnlyObjectWrapper<ShareState> shareState = new ReadOnlyObjectWrapper<>(ShareState.OFF);
    private final ReadOnlyStringWrapper shareAddress = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper shareCode = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper shareViewer = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper shareMessage = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<ConnectState> connectState = new ReadOnlyObjectWrapper<>(ConnectState.IDLE);
    private final ReadOnlyStringWrapper connectMessage = new ReadOnlyStringWrapper("");
    private final StringProperty address = new SimpleStringProperty("");
    private final StringProperty code = new SimpleStringProperty("");
    private final BooleanBinding canConnect;

    public HomeViewModel(HomeActions actions) {
        this.actions = actions;
        this.canConnect = Bindings.createBooleanBinding(
                () -> connectState.get() != ConnectState.CONNECTING
                        && !address.get().isBlank()
                        && CODE_DIGITS.contains(digits(code.get()).length()),
                connectState.getReadOnlyProperty(),
                address,
                code);
    }

    public ReadOnlyObjectProperty<ShareState> shareStateProperty() {
        return shareState.getReadOnlyProperty();
    }

    /// Where the other person connects to; empty while nothing is shared.
    public ReadOnlyStringProperty shareAddressProperty() {
        return shareAddress.getReadOnlyProperty();
    }

    /// The one-time code in groups of three digits; empty while nothing is shared.
    public ReadOnlyStringProperty shareCodeProperty() {
        return shareCode.getReadOnlyProperty();
    }

    /// Who is connected and what they may do, in a sentence; empty while nobody is.
    public ReadOnlyStringProperty shareViewerProperty() {
        return shareViewer.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty shareMessageProperty() {
        return shareMessage.getReadOnlyProperty();
    }

    public ReadOnlyObjectProperty<ConnectState> connectStateProperty() {
        return connectState.getReadOnlyProperty();
    }

    /// The stage of connecting, or what went wrong and what to try.
    public ReadOnlyStringProperty connectMessageProperty() {
        return connectMessage.getReadOnlyProperty();
    }

    public StringProperty addressProperty() {
        return address;
    }

    public StringProperty codeProperty() {
        return code;
    }

    public BooleanBinding canConnectProperty() {
        return canConnect;
    }

    public void toggleSharing() {
        switch (shareState.get()) {
            case OFF, FAILED -> {
                shareState.set(ShareState.STARTING);
                shareMessage.set("Starting …");
                actions.startSharing();
            }
            case STARTING, WAITING, WATCHED -> {
                actions.stopSharing();
                sharingEnded("");
            }
        }
    }

    public void connect() {
        if (!canConnect.get()) {
            return;
        }
        String target = address.get().strip();
        if (target.length() > ADDRESS_MAX_CHARS) {
            connectFailed("That address is too long; copy it again from the other screen.");
            return;
        }
        connectState.set(ConnectState.CONNECTING);
        connectMessage.set("Looking for the other machine …");
        actions.connect(target, digits(code.get()));
    }

    public void cancelConnecting() {
        if (connectState.get() == ConnectState.CONNECTING) {
            actions.cancelConnecting();
            connectState.set(ConnectState.IDLE);
            connectMessage.set("");
        }
    }

    /// Sharing is up, or has a new code.
    public void sharing(String newAddress, String newCode) {
        shareAddress.set(newAddress);
        shareCode.set(grouped(newCode));
        shareViewer.set("");
        shareState.set(ShareState.WAITING);
        shareMessage.set("Tell the other person this address and code. Nobody sees anything before you allow it.");
    }

    /// Somebody sees this screen, or may do something else now. The code that let them in is used up, so it goes.
    ///
    /// @param who the viewer's name as the host shows it
    /// @param control whether they may steer
    public void watchedBy(String who, boolean control) {
        shareCode.set("");
        shareViewer.set(who + (control ? " sees and steers this screen" : " sees this screen"));
        shareState.set(ShareState.WATCHED);
        shareMessage.set("A new code is shown here when they have gone.");
    }

    /// The connection to who sees this screen is interrupted. They come back by themselves; somebody else may come
    /// instead.
    public void interrupted(String who, String newAddress, String newCode) {
        shareAddress.set(newAddress);
        shareCode.set(grouped(newCode));
        shareViewer.set(who + " is reconnecting …");
        shareState.set(ShareState.WATCHED);
        shareMessage.set("They come back without a code; with this one somebody else can come instead.");
    }

    /// Something does not work as it should; sharing goes on without it.
    public void trouble(String sentence) {
        if (shareState.get() == ShareState.STARTING || shareState.get() == ShareState.WAITING) {
            shareMessage.set(sentence);
        }
    }

    /// @param message why, or empty when the person stopped it
    public void sharingEnded(String message) {
        shareAddress.set("");
        shareCode.set("");
        shareViewer.set("");
        shareState.set(ShareState.OFF);
        shareMessage.set(message);
    }

    public void sharingFailed(String message) {
        sharingEnded(message);
        shareState.set(ShareState.FAILED);
    }

    public void connecting(String stage) {
        if (connectState.get() == ConnectState.CONNECTING) {
            connectMessage.set(stage);
        }
    }

    public void connected() {
        connectState.set(ConnectState.IDLE);
        connectMessage.set("");
        code.set("");
    }

    public void connectFailed(String message) {
        connectState.set(ConnectState.FAILED);
        connectMessage.set(message);
    }

    static String digits(String typed) {
        return typed.replaceAll("\\D", "");
    }

    /// `123456789` as `123 456 789`.
    static String grouped(String code) {
        return digits(code).replaceAll("(\\d{3})(?=\\d)", "$1 ");
    }
}
