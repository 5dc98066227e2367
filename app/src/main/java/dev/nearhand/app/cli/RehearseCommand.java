package dev.nearhand.app.cli;

import dev.nearhand.app.connect.ConnectException;
import dev.nearhand.app.connect.Consent;
import dev.nearhand.app.connect.IceSettings;
import dev.nearhand.app.connect.Invitation;
import dev.nearhand.app.connect.Network;
import dev.nearhand.app.connect.ScreenShare;
import dev.nearhand.app.connect.ScreenView;
import dev.nearhand.app.connect.ShareListener;
import dev.nearhand.app.connect.ShareOptions;
import dev.nearhand.app.connect.ViewOptions;
import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.local.ScreenChoice;
import dev.nearhand.app.peer.Rehearsal;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.transport.api.TransportException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `nearhand rehearse`: everything that should be quick from the first moment on, done once while the JVM watches for
/// its ahead-of-time cache. The build runs it; people have no use for it.
@Command(
        name = "rehearse",
        hidden = true,
        description = {"Train the ahead-of-time cache: connect with oneself, share a synthetic screen, open the window."
        })
final class RehearseCommand implements Callable<Integer> {
    private static final int FRAMES_PER_SECOND = 30;
    private static final int BITS_PER_SECOND = 8_000_000;
    private static final int PICTURES = 120;
    private static final long PATIENCE_SECONDS = 60;
    private static final long POINTER_MILLIS = 10;
    private static final String NAME = "rehearsal";

    private final Windows windows;

    @Spec
    @Nullable
    CommandSpec spec;

    RehearseCommand(Windows windows) {
        this.windows = windows;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try {
            Rehearsal.run();
            session();
        } catch (IllegalStateException | TransportException | ConnectException failure) {
            Terminal.printLine(out, "Only the window is rehearsed: " + failure.getMessage());
        }
        return windows.home(new Network(IceSettings.none(), Optional.empty()));
    }

    private static void session() throws InterruptedException {
        ScreenChoice pattern = new ScreenChoice(ScreenChoice.Kind.PATTERN, "", 1280, 720);
        HostConfig config =
                new HostConfig(NAME, new CaptureTarget.WholeDesktop(), FRAMES_PER_SECOND, BITS_PER_SECOND, true);
        ShareOptions options = new ShareOptions(0, List.of(InetAddress.getLoopbackAddress()), config);
        try (ScreenShare share = ScreenShare.start(options, LocalMachine.devices(pattern), new Welcome())) {
            Pictures pictures = new Pictures();
            String address = share.addresses().getFirst();
            try (ScreenView view = ScreenView.connect(new ViewOptions(address, share.code(), NAME), pictures)) {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                for (int i = 0; !pictures.left.await(POINTER_MILLIS, TimeUnit.MILLISECONDS); i++) {
                    view.pointerMoved(i, i);
                    if (System.nanoTime() > end) {
                        throw new IllegalStateException("no picture came; " + pictures.said);
                    }
                }
            }
        }
    }

    private static final class Welcome implements ShareListener {
        @Override
        public void onInvitation(Invitation invitation) {}

        @Override
        public CompletableFuture<Consent> onConsentAsked(String viewer) {
            return CompletableFuture.completedFuture(Consent.CONTROL);
        }

        @Override
        public void onState(String viewer, HostState state, String reason) {}

        @Override
        public void onControl(boolean allowed, String reason) {}
    }

    private static final class Pictures implements ViewerListener {
        final CountDownLatch left = new CountDownLatch(PICTURES);
        volatile String said = "";

        @Override
        public void onState(ViewerState state, String sentence) {
            said = sentence;
        }

        @Override
        public void onPicture(DecodedPicture picture) {
            left.countDown();
        }
    }
}
