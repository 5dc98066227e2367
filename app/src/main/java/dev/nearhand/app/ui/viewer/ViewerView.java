package dev.nearhand.app.ui.viewer;

import atlantafx.base.theme.Styles;
import dev.nearhand.app.ui.Theme;
import dev.nearhand.app.ui.video.Scaling;
import dev.nearhand.app.ui.video.VideoSurface;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressIndicator;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The viewer window's content: a bar, the picture, a line that says what the connection does.
public final class ViewerView {
    private final ViewerViewModel model;
    private final VideoSurface surface = new VideoSurface();
    private final BorderPane root = new BorderPane();
    private final ScrollPane scroll = new ScrollPane();

    public ViewerView(ViewerViewModel model, Runnable closeWindow) {
        this.model = model;
        surface.setId("surface");
        surface.scalingProperty().bind(model.scalingProperty());
        surface.controllingProperty().bind(model.controllingProperty());
        surface.dimmedProperty()
                .bind(model.stateProperty()
                        .isEqualTo(ViewerState.FROZEN)
                        .or(model.stateProperty().isEqualTo(ViewerState.ENDED)));
        scroll.setContent(surface);
        scroll.getStyleClass().addAll("video-ground", "edge-to-edge");
        scroll.setFocusTraversable(false);
        scroll.skinProperty().addListener((_, _, _) -> drawWithoutCache());
        model.scalingProperty().addListener((_, _, now) -> fitContent(now));
        fitContent(model.scalingProperty().get());

        Node bar = bar();
        Node status = status();
        for (Node edge : new Node[] {bar, status}) {
            edge.managedProperty().bind(edge.visibleProperty());
            edge.visibleProperty().bind(model.fullScreenProperty().not());
        }
        root.setTop(bar);
        root.setCenter(new StackPane(scroll, notice(closeWindow)));
        root.setBottom(status);
        root.addEventFilter(KeyEvent.KEY_PRESSED, this::windowKeys);
    }

    public Parent root() {
        return root;
    }

    public VideoSurface surface() {
        return surface;
    }

    /// A scroll pane keeps its content as a picture, for fast scrolling. Ours changes all the time, and would be drawn
    /// twice.
    private void drawWithoutCache() {
        Node viewport = scroll.lookup(".viewport");
        if (viewport != null) {
            viewport.setCache(false);
        }
    }

    private void fitContent(Scaling scaling) {
        boolean fit = scaling == Scaling.FIT;
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setHbarPolicy(fit ? ScrollPane.ScrollBarPolicy.NEVER : ScrollPane.ScrollBarPolicy.AS_NEEDED);
        scroll.setVbarPolicy(fit ? ScrollPane.ScrollBarPolicy.NEVER : ScrollPane.ScrollBarPolicy.AS_NEEDED);
        surface.setMinSize(fit ? 0 : Region.USE_PREF_SIZE, fit ? 0 : Region.USE_PREF_SIZE);
    }

    /// The one key that stays here: all others belong to the remote machine while it is steered.
    private void windowKeys(KeyEvent event) {
        if (event.getCode() == KeyCode.F11) {
            model.fullScreenProperty().set(!model.fullScreenProperty().get());
            event.consume();
        }
    }

    private Node bar() {
        ToggleGroup scalings = new ToggleGroup();
        ToggleButton fit = toggle("fit", "Fit", Feather.MINIMIZE, "Fit the picture into the window");
        ToggleButton exact = toggle("one-to-one", "1:1", Feather.SQUARE, "One remote pixel is one pixel here");
        fit.getStyleClass().add(Styles.LEFT_PILL);
        exact.getStyleClass().add(Styles.RIGHT_PILL);
        fit.setToggleGroup(scalings);
        exact.setToggleGroup(scalings);
        scalings.selectToggle(model.scalingProperty().get() == Scaling.FIT ? fit : exact);
        scalings.selectedToggleProperty().addListener((_, before, now) -> {
            if (now == null) {
                scalings.selectToggle(before);
            } else {
                model.scalingProperty().set(now == fit ? Scaling.FIT : Scaling.ONE_TO_ONE);
            }
        });

        Button fullScreen = new Button("Full screen", new FontIcon(Feather.MAXIMIZE));
        fullScreen.setId("full-screen");
        fullScreen.setTooltip(new Tooltip("Full screen; F11 goes there and back"));
        fullScreen.getStyleClass().add(Styles.FLAT);
        fullScreen.setOnAction(_ -> model.fullScreenProperty().set(true));

        ToggleButton viewOnly = toggle("view-only", "View only", Feather.EYE, "Your mouse and keyboard stay here");
        viewOnly.selectedProperty().bindBidirectional(model.viewOnlyProperty());
        viewOnly.disableProperty().bind(model.controlGrantedProperty().not());
        viewOnly.visibleProperty().bind(model.steerableProperty());
        viewOnly.managedProperty().bind(viewOnly.visibleProperty());

        Button disconnect = new Button("Disconnect", new FontIcon(Feather.X));
        disconnect.setId("disconnect");
        disconnect.getStyleClass().addAll(Styles.DANGER, Styles.BUTTON_OUTLINED);
        disconnect.disableProperty().bind(model.stateProperty().isEqualTo(ViewerState.ENDED));
        disconnect.setOnAction(_ -> model.disconnect());

        Label title = new Label();
        title.getStyleClass().add(Styles.TEXT_BOLD);
        title.textProperty().bind(model.titleProperty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox zoom = new HBox(fit, exact);
        zoom.setAlignment(Pos.CENTER);
        HBox bar = new HBox(title, gap, zoom, fullScreen, viewOnly, disconnect);
        bar.getStyleClass().add("viewer-bar");
        return bar;
    }

    private Node status() {
        Label connection = new Label();
        connection.setId("connection");
        connection
                .textProperty()
                .bind(Bindings.createStringBinding(
                        () -> model.controlGrantedProperty().get()
                                ? model.connectionProperty().get()
                                : model.connectionProperty().get() + " · the host allows viewing only",
                        model.connectionProperty(),
                        model.controlGrantedProperty()));
        Label statistics = new Label();
        statistics.setId("statistics");
        statistics.getStyleClass().add(Styles.TEXT_MUTED);
        statistics.textProperty().bind(model.statisticsProperty());
        Tooltip details = new Tooltip();
        details.textProperty().bind(model.detailsProperty());
        statistics.setTooltip(details);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox status = new HBox(connection, gap, statistics);
        status.getStyleClass().add("viewer-status");
        return status;
    }

    private Node notice(Runnable closeWindow) {
        ProgressIndicator progress = new ProgressIndicator();
        progress.setPrefSize(32, 32);
        progress.visibleProperty().bind(model.stateProperty().isEqualTo(ViewerState.CONNECTING));
        progress.managedProperty().bind(progress.visibleProperty());
        Label words = new Label();
        words.setId("notice");
        words.setWrapText(true);
        words.textProperty().bind(model.noticeProperty().map(Theme::unbroken));
        Button close = new Button("Close this window");
        close.setId("close");
        close.visibleProperty().bind(model.stateProperty().isEqualTo(ViewerState.ENDED));
        close.managedProperty().bind(close.visibleProperty());
        close.setOnAction(_ -> closeWindow.run());
        VBox notice = new VBox(progress, words, close);
        notice.getStyleClass().add("notice");
        notice.setMaxSize(520, Region.USE_PREF_SIZE);
        notice.visibleProperty().bind(model.noticeProperty().isNotEmpty());
        return notice;
    }

    private static ToggleButton toggle(String id, String text, Feather icon, String tooltip) {
        ToggleButton button = new ToggleButton(text, new FontIcon(icon));
        button.setId(id);
        button.setTooltip(new Tooltip(tooltip));
        return button;
    }
}
