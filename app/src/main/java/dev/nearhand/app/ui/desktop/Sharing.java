package dev.nearhand.app.ui.desktop;

import dev.nearhand.app.connect.ConnectException;
import dev.nearhand.app.connect.Consent;
import dev.nearhand.app.connect.Invitation;
import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.ScreenShare;
import dev.nearhand.app.connect.ShareListener;
import dev.nearhand.app.connect.ShareOptions;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.ui.consent.ConsentAnswer;
import dev.nearhand.app.ui.consent.ConsentView;
import dev.nearhand.app.ui.home.HomeViewModel;
import dev.nearhand.capture.screen.CaptureTarget;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;
import org.jspecify.annotations.Nullable;

/// This screen, shared from the home window: the question for consent, the bar while somebody watches, and the end.
/// FX thread only; what the share reports on its own threads is handed over.
final class Sharing {
    private final DesktopApp application;
    private final Network network;
    private final HomeViewModel model;
    private final ConsentOverlay questions;
    private @Nullable ScreenShare share;
    private @Nullable HostBarWindow bar;
    private @Nullable ConsentView asked;
    /// Who sees nothing now because their connection is interrupted; empty when nobody.
    private String interrupted = "";
    /// Counts the starts, so that what an earlier share still reports is not taken for this one's.
    private int generation;

    Sharing(DesktopApp application, Network network, HomeViewModel model, ConsentOverlay questions) {
        this.application = application;
        this.network = network;
        this.model = model;
        this.questions = questions;
    }

    void start() {
        int mine = ++generation;
        Thread.ofVirtual().name("share-start").start(() -> {
            try {
                ScreenShare started =
                        ScreenShare.start(options(), LocalMachine.devices(ScreenChoice.auto()), new Reports(mine));
                Platform.runLater(() -> started(mine, started));
            } catch (RuntimeException failure) {
                Platform.runLater(() -> failed(mine, failure));
            }
        });
    }

    void stop() {
        generation++;
        ScreenShare running = share;
        share = null;
        closeBar();
        withdrawQuestion();
        if (running != null) {
            application.displayLoss().forget(running);
            Thread.ofVirtual().name("share-stop").start(running::close);
        }
    }

    private ShareOptions options() {
        HostConfig config = new HostConfig(
                ViewerName.ofThisMachine(),
                new CaptureTarget.WholeDesktop(),
                HostConfig.DEFAULT_FRAMES_PER_SECOND,
                HostConfig.DEFAULT_BITRATE_BPS,
                true);
        return new ShareOptions(ShareOptions.DEFAULT_PORT, List.of(), config, network.ice(), network.rendezvous());
    }

    private void started(int mine, ScreenShare running) {
        if (mine == generation) {
            share = running;
            application.displayLoss().ends(running, running::close);
        } else {
            Thread.ofVirtual().name("share-stop").start(running::close);
        }
    }

    private void failed(int mine, RuntimeException failure) {
        if (mine == generation) {
            model.sharingFailed(sentence(failure));
        }
    }

    private static String sentence(RuntimeException failure) {
        String message = failure.getMessage();
        return failure instanceof ConnectException || message != null
                ? String.valueOf(message)
                : "This screen cannot be shared; nearhand doctor says what is missing.";
    }

    private void showBar(String viewer, boolean control) {
        ScreenShare running = share;
        if (running != null && bar == null) {
            bar = new HostBarWindow(
                    application,
                    viewer,
                    control,
                    allowed -> allow(running, viewer, allowed),
                    () -> endSession(running));
        }
        interrupted = "";
        if (bar != null) {
            bar.interrupted(false);
        }
        model.watchedBy(viewer, control);
    }

    private void interruptBar(String viewer) {
        interrupted = viewer;
        if (bar != null) {
            bar.interrupted(true);
        }
    }

    private void allow(ScreenShare running, String viewer, boolean control) {
        running.allowControl(control);
        model.watchedBy(viewer, control);
    }

    private void endSession(ScreenShare running) {
        Thread.ofVirtual()
                .name("share-end")
                .start(() -> running.endSession("The person at the screen stopped sharing."));
    }

    private void closeBar() {
        HostBarWindow shown = bar;
        bar = null;
        interrupted = "";
        if (shown != null) {
            shown.close();
        }
    }

    private void ask(String viewer, CompletableFuture<Consent> answer) {
        withdrawQuestion();
        ConsentView view = new ConsentView(viewer, chosen -> answer.complete(consent(chosen)));
        asked = view;
        // answered here, or the viewer went away, or waited too long
        answer.whenComplete((_, _) -> Platform.runLater(() -> {
            view.dismiss();
            questions.hide(view);
            if (asked == view) {
                asked = null;
            }
        }));
        questions.show(view);
    }

    private void withdrawQuestion() {
        ConsentView open = asked;
        asked = null;
        if (open != null) {
            open.dismiss();
            questions.hide(open);
        }
    }

    private static Consent consent(ConsentAnswer answer) {
        return switch (answer) {
            case REFUSE -> Consent.REFUSED;
            case VIEW_ONLY -> Consent.VIEW_ONLY;
            case CONTROL -> Consent.CONTROL;
        };
    }

    /// Hands what the share reports to the FX thread.
    private final class Reports implements ShareListener {
        private final int mine;
        private volatile boolean control;

        Reports(int mine) {
            this.mine = mine;
        }

        @Override
        public void onInvitation(Invitation invitation) {
            onFx(() -> {
                List<String> addresses = invitation.addresses();
                boolean met = invitation.isMetAtRendezvous();
                String address = met ? invitation.rendezvous() : addresses.isEmpty() ? "" : addresses.getFirst();
                String code = met ? invitation.rendezvousCode() : invitation.code();
                if (interrupted.isEmpty()) {
                    closeBar();
                    model.sharing(address, code);
                } else {
                    model.interrupted(interrupted, address, code);
                }
            });
        }

        @Override
        public void onTrouble(String sentence) {
            onFx(() -> model.trouble(sentence));
        }

        @Override
        public CompletableFuture<Consent> onConsentAsked(String viewer) {
            CompletableFuture<Consent> answer = new CompletableFuture<>();
            onFx(() -> ask(viewer, answer));
            return answer;
        }

        @Override
        public void onState(String viewer, HostState state, String reason) {
            onFx(() -> {
                switch (state) {
                    case LIVE -> showBar(viewer, control);
                    case ENDED -> closeBar();
                    case SILENT -> interruptBar(viewer);
                    case CONNECTING -> {}
                }
            });
        }

        @Override
        public void onControl(boolean allowed, String reason) {
            control = allowed;
            onFx(() -> {
                if (bar != null) {
                    bar.control(allowed);
                }
            });
        }

        private void onFx(Runnable change) {
            Platform.runLater(() -> {
                if (mine == generation) {
                    change.run();
                }
            });
        }
    }
}
