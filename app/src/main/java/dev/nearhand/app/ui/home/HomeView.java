package dev.nearhand.app.ui.home;

import atlantafx.base.controls.Card;
import atlantafx.base.theme.Styles;
import dev.nearhand.app.ui.Theme;
import javafx.beans.binding.Bindings;
import javafx.css.PseudoClass;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The home window's content: two cards over one view model.
public final class HomeView {
    private static final double CARD_WIDTH = 400;
    /// Of a host's own listener, and of a rendezvous: how they are grouped.
    private static final String SHORT_CODE = "123 456 789";

    private static final String LONG_CODE = "123 456 789 012 345";
    private static final PseudoClass LONG = PseudoClass.getPseudoClass("long");

    private final HomeViewModel model;
    private final ScrollPane root;

    public HomeView(HomeViewModel model, Image icon) {
        this.model = model;
        HBox cards = new HBox(24, shareCard(), connectCard());
        cards.setAlignment(Pos.TOP_CENTER);
        VBox content = new VBox(28, header(icon), cards);
        content.setAlignment(Pos.TOP_CENTER);
        content.setPadding(new Insets(32));
        root = new ScrollPane(content);
        root.setFitToWidth(true);
        root.setFitToHeight(true);
        root.getStyleClass().add("home");
    }

    public Parent root() {
        return root;
    }

    private static Node header(Image icon) {
        ImageView logo = new ImageView(icon);
        logo.setFitHeight(48);
        logo.setFitWidth(48);
        logo.setSmooth(true);
        Label name = new Label("Nearhand");
        name.getStyleClass().add(Styles.TITLE_1);
        Label what = new Label("See and steer another screen, directly from machine to machine.");
        what.getStyleClass().add(Styles.TEXT_MUTED);
        VBox words = new VBox(2, name, what);
        HBox header = new HBox(16, logo, words);
        header.setAlignment(Pos.CENTER_LEFT);
        header.setMaxWidth(2 * CARD_WIDTH + 24);
        return header;
    }

    private Node shareCard() {
        Label code = new Label();
        code.setId("share-code");
        code.getStyleClass().add("code");
        code.textProperty().bind(model.shareCodeProperty());
        code.setAccessibleText("One-time code");
        code.setWrapText(true);
        code.setMinHeight(Region.USE_PREF_SIZE);
        code.textProperty().subscribe(text -> code.pseudoClassStateChanged(LONG, text.length() > SHORT_CODE.length()));
        Button copyCode = copyButton("share-code-copy", "Copy the code", () -> model.shareCodeProperty()
                .get());

        Label address = new Label();
        address.setId("share-address");
        address.getStyleClass().add("address");
        address.textProperty().bind(model.shareAddressProperty());
        address.setWrapText(true);
        Button copyAddress = copyButton("share-address-copy", "Copy the address", () -> model.shareAddressProperty()
                .get());

        VBox invitation = new VBox(
                6, caption("Address"), row(address, copyAddress), caption("One-time code"), row(code, copyCode));
        invitation.managedProperty().bind(invitation.visibleProperty());
        invitation.visibleProperty().bind(model.shareCodeProperty().isNotEmpty());

        Label viewer = new Label(null, liveDot());
        viewer.setId("share-viewer");
        viewer.getStyleClass().add(Styles.TITLE_4);
        viewer.setGraphicTextGap(12);
        viewer.setWrapText(true);
        viewer.setMinHeight(Region.USE_PREF_SIZE);
        viewer.textProperty().bind(model.shareViewerProperty());
        viewer.managedProperty().bind(viewer.visibleProperty());
        viewer.visibleProperty().bind(model.shareStateProperty().isEqualTo(ShareState.WATCHED));

        Label message = message("share-message");
        message.textProperty().bind(model.shareMessageProperty().map(Theme::unbroken));
        colourWhen(message, model.shareStateProperty().isEqualTo(ShareState.FAILED));

        Button toggle = new Button();
        toggle.setId("share-toggle");
        toggle.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> switch (model.shareStateProperty().get()) {
                            case OFF, FAILED -> "_Share this screen";
                            case STARTING, WAITING, WATCHED -> "_Stop sharing";
                        },
                        model.shareStateProperty()));
        toggle.setMnemonicParsing(true);
        toggle.setMaxWidth(Double.MAX_VALUE);
        model.shareStateProperty().addListener((_, _, state) -> styleToggle(toggle, state));
        styleToggle(toggle, model.shareStateProperty().get());
        toggle.setOnAction(_ -> model.toggleSharing());

        Label words = new Label("Somebody you trust sees this screen, and steers it if you allow that. "
                + "You can stop at any moment.");
        words.setWrapText(true);
        words.managedProperty().bind(words.visibleProperty());
        words.visibleProperty()
                .bind(invitation.visibleProperty().or(viewer.visibleProperty()).not());
        return card(Feather.MONITOR, "Share this screen", new VBox(16, words, viewer, invitation, message), toggle);
    }

    private Node connectCard() {
        TextField address = new TextField();
        address.setId("connect-address");
        address.setPromptText("for example 192.0.2.7:47800");
        address.setAccessibleText("Address of the other screen");
        address.textProperty().bindBidirectional(model.addressProperty());
        TextField code = new TextField();
        code.setId("connect-code");
        code.promptTextProperty()
                .bind(model.addressProperty().map(typed -> typed.contains("://") ? LONG_CODE : SHORT_CODE));
        code.setAccessibleText("One-time code");
        code.getStyleClass().add("code-field");
        code.textProperty().bindBidirectional(model.codeProperty());
        code.setOnAction(_ -> model.connect());
        address.setOnAction(_ -> code.requestFocus());

        Label message = message("connect-message");
        message.textProperty().bind(model.connectMessageProperty().map(Theme::unbroken));
        colourWhen(message, model.connectStateProperty().isEqualTo(ConnectState.FAILED));
        ProgressIndicator progress = new ProgressIndicator();
        progress.setPrefSize(18, 18);
        progress.setMinSize(18, 18);
        var connecting = model.connectStateProperty().isEqualTo(ConnectState.CONNECTING);
        progress.visibleProperty().bind(connecting);
        progress.managedProperty().bind(connecting);
        HBox status = new HBox(10, progress, message);
        status.setAlignment(Pos.CENTER_LEFT);

        Button connect = new Button("_Connect");
        connect.setId("connect");
        connect.setMnemonicParsing(true);
        connect.getStyleClass().add(Styles.ACCENT);
        connect.setDefaultButton(false);
        connect.disableProperty().bind(model.canConnectProperty().not());
        connect.visibleProperty().bind(connecting.not());
        connect.setMaxWidth(Double.MAX_VALUE);
        connect.setOnAction(_ -> model.connect());
        Button cancel = new Button("Ca_ncel");
        cancel.setId("connect-cancel");
        cancel.setMnemonicParsing(true);
        cancel.setMaxWidth(Double.MAX_VALUE);
        cancel.visibleProperty().bind(connecting);
        cancel.setOnAction(_ -> model.cancelConnecting());
        address.disableProperty().bind(connecting);
        code.disableProperty().bind(connecting);

        VBox body = new VBox(6, caption("Address", address), address, caption("One-time code", code), code, status);
        VBox.setMargin(status, new Insets(10, 0, 0, 0));
        body.addEventFilter(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ESCAPE) {
                model.cancelConnecting();
            }
        });
        return card(Feather.LINK, "Connect to a screen", body, new StackPane(connect, cancel));
    }

    private static Node card(Feather icon, String title, Region body, Region action) {
        FontIcon glyph = new FontIcon(icon);
        glyph.getStyleClass().add("card-icon");
        Label heading = new Label(title, glyph);
        heading.setGraphicTextGap(12);
        heading.getStyleClass().add(Styles.TITLE_3);
        Card card = new Card();
        card.setHeader(heading);
        // both cards are of one height when little is said, and grow with what there is to say
        Region floor = new Region();
        floor.setMinHeight(180);
        body.setMinHeight(Region.USE_PREF_SIZE);
        card.setBody(new Wrapping(floor, body));
        card.setFooter(action);
        card.setPrefWidth(CARD_WIDTH);
        card.setMinWidth(320);
        HBox.setHgrow(card, Priority.SOMETIMES);
        card.setMaxWidth(CARD_WIDTH);
        return card;
    }

    /// As high as its text is when it is wrapped: a card asks before it knows its width.
    private static final class Wrapping extends StackPane {
        private static final double EXPECTED_WIDTH = CARD_WIDTH - 32;

        Wrapping(Node... children) {
            super(children);
        }

        private double width(double asked) {
            return asked >= 0 ? asked : getWidth() > 0 ? getWidth() : EXPECTED_WIDTH;
        }

        @Override
        protected double computePrefHeight(double width) {
            return super.computePrefHeight(width(width));
        }

        @Override
        protected double computeMinHeight(double width) {
            return super.computeMinHeight(width(width));
        }
    }

    private static Node liveDot() {
        Circle dot = new Circle(6);
        dot.getStyleClass().add("live-dot");
        return dot;
    }

    private static void styleToggle(Button toggle, ShareState state) {
        toggle.getStyleClass().removeAll(Styles.ACCENT, Styles.DANGER);
        toggle.getStyleClass()
                .add(state == ShareState.OFF || state == ShareState.FAILED ? Styles.ACCENT : Styles.DANGER);
    }

    private static void colourWhen(Label message, javafx.beans.value.ObservableBooleanValue failed) {
        failed.addListener((_, _, now) -> {
            message.getStyleClass().removeAll(Styles.DANGER, Styles.TEXT_MUTED);
            message.getStyleClass().add(now ? Styles.DANGER : Styles.TEXT_MUTED);
        });
    }

    private static Label message(String id) {
        Label message = new Label();
        message.setId(id);
        message.setWrapText(true);
        message.setMinHeight(Region.USE_PREF_SIZE);
        message.getStyleClass().add(Styles.TEXT_MUTED);
        return message;
    }

    private static Label caption(String text) {
        Label caption = new Label(text);
        caption.getStyleClass().addAll(Styles.TEXT_SMALL, Styles.TEXT_MUTED);
        return caption;
    }

    private static Label caption(String text, Node of) {
        Label caption = caption(text);
        caption.setLabelFor(of);
        return caption;
    }

    private static Node row(Label value, Button copy) {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox row = new HBox(8, value, gap, copy);
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private static Button copyButton(String id, String what, java.util.function.Supplier<String> text) {
        Button copy = new Button(null, new FontIcon(Feather.COPY));
        copy.setId(id);
        copy.setAccessibleText(what);
        copy.setTooltip(new Tooltip(what));
        copy.getStyleClass().addAll(Styles.BUTTON_ICON, Styles.FLAT);
        copy.setOnAction(_ -> {
            ClipboardContent content = new ClipboardContent();
            content.putString(text.get());
            Clipboard.getSystemClipboard().setContent(content);
            copy.setGraphic(new FontIcon(Feather.CHECK));
        });
        return copy;
    }
}
