package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.ui.Theme;
import dev.nearhand.app.ui.home.HomeActions;
import dev.nearhand.app.ui.home.HomeView;
import dev.nearhand.app.ui.home.HomeViewModel;
import java.util.Optional;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;

/// The first window: its view model's wishes become a share or a viewer window. FX thread only.
final class HomeWindow implements HomeActions {
    private final DesktopApp application;
    private final Network network;
    private final HomeViewModel model = new HomeViewModel(this);
    private final Sharing sharing;
    private final Stage stage;
    private final ConsentOverlay layers;
    private @Nullable ViewerWindow connecting;

    HomeWindow(DesktopApp application, Network network) {
        this.application = application;
        this.network = network;
        network.rendezvous().ifPresent(place -> model.addressProperty().set(place.toString()));
        this.stage = application.newStage("Nearhand");
        this.layers = new ConsentOverlay(stage, new HomeView(model, Theme.icon()).root());
        this.sharing = new Sharing(application, network, model, layers);
    }

    void open() {
        Scene scene = new Scene(layers.root(), 940, 540);
        scene.getStylesheets().add(Theme.STYLESHEET);
        stage.setScene(scene);
        stage.setMinWidth(760);
        stage.setMinHeight(480);
        stage.setOnHidden(_ -> sharing.stop());
        DesktopApp.measureStart(stage);
        stage.show();
    }

    @Override
    public void startSharing() {
        sharing.start();
    }

    @Override
    public void stopSharing() {
        sharing.stop();
    }

    @Override
    public void connect(String address, String code) {
        ViewOptions options =
                new ViewOptions(ViewOptions.Target.of(address, code), code, ViewerName.ofThisMachine(), network.ice());
        ViewerWindow window = new ViewerWindow(options, ViewerWindow.Ending.BY_HAND, application);
        connecting = window;
        // the window appears with the first picture; until then, and on failure, this one says what happens
        window.openWhenLive(new ViewerWindow.Progress() {
            @Override
            public void stage(String sentence) {
                model.connecting(sentence);
            }

            @Override
            public void live() {
                connecting = null;
                model.connected();
            }

            @Override
            public void failed(String sentence) {
                connecting = null;
                model.connectFailed(sentence);
            }
        });
    }

    @Override
    public void cancelConnecting() {
        Optional.ofNullable(connecting).ifPresent(ViewerWindow::cancel);
        connecting = null;
    }
}
