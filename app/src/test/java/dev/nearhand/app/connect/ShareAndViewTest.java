package dev.nearhand.app.connect;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.nearhand.app.Await;
import dev.nearhand.app.rendezvous.RendezvousServer;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostDevices;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.app.signaling.RendezvousAddress;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.screen.CaptureTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Host and viewer in one process over the real transport, from the address and the code to the picture.
class ShareAndViewTest {
    private static final int WIDTH = 641;
    private static final int HEIGHT = 361;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Host host = new Host();

    private static final class Host implements ShareListener {
        final List<Invitation> invitations = new CopyOnWriteArrayList<>();
        final List<String> codes = new CopyOnWriteArrayList<>();
        final List<CompletableFuture<Consent>> questions = new CopyOnWriteArrayList<>();
        final List<String> viewers = new CopyOnWriteArrayList<>();
        final List<HostState> states = new CopyOnWriteArrayList<>();
        volatile boolean control;

        @Override
        public void onInvitation(Invitation invitation) {
            invitations.add(invitation);
            codes.add(invitation.code());
        }

        @Override
        public CompletableFuture<Consent> onConsentAsked(String viewer) {
            viewers.add(viewer);
            CompletableFuture<Consent> question = new CompletableFuture<>();
            questions.add(question);
            return question;
        }

        @Override
        public void onState(String viewer, HostState state, String reason) {
            states.add(state);
        }

        @Override
        public void onControl(boolean allowed, String reason) {
            control = allowed;
        }

        CompletableFuture<Consent> question(int number) {
            Await.until("asked", () -> questions.size() >= number);
            return questions.get(number - 1);
        }
    }

    private static final class Viewer implements ViewerListener {
        final List<String> sentences = new CopyOnWriteArrayList<>();
        volatile ViewerState state = ViewerState.CONNECTING;
        volatile byte[] picture = {};

        @Override
        public void onState(ViewerState now, String sentence) {
            sentences.add(sentence);
            state = now;
        }

        @Override
        public void onPicture(DecodedPicture decoded) {
            assertThat(decoded.width()).isEqualTo(WIDTH);
            assertThat(decoded.height()).isEqualTo(HEIGHT);
            picture = Pictures.packed(decoded.bgra(), WIDTH, HEIGHT, decoded.strideBytes());
        }

        String ending() {
            Await.until("the viewer's end", () -> state == ViewerState.ENDED);
            return sentences.getLast();
        }
    }

    private ScreenShare share() {
        return share(Optional.empty());
    }

    private ScreenShare share(Optional<RendezvousAddress> rendezvous) {
        HostDevices devices = Pictures.patternDevices(WIDTH, HEIGHT);
        HostConfig config = new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 8_000_000, true);
        ScreenShare share = ScreenShare.start(
                new ShareOptions(0, List.of(InetAddress.getLoopbackAddress()), config, IceSettings.none(), rendezvous),
                devices,
                host);
        open.add(share);
        return share;
    }

    private ScreenView view(ScreenShare share, String code, Viewer viewer) {
        ScreenView view = ScreenView.connect(
                new ViewOptions("127.0.0.1:" + share.port(), code, "Ann\u202Eeve\n at home"), viewer);
        open.add(view);
        return view;
    }

    private static String wrongCode(ScreenShare share) {
        return share.code().equals("000000000") ? "111111111" : "000000000";
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void afterCodeAndConsentTheViewerSeesTheHostsPixels() {
        ScreenShare share = share();
        Viewer viewer = new Viewer();
        ScreenView view = view(share, share.code(), viewer);

        CompletableFuture<Consent> question = host.question(1);
        assertThat(host.viewers).containsExactly("Ann eve  at home");
        assertThat(share.stats()).as("nothing runs before the answer").isEmpty();
        assertThat(viewer.picture).isEmpty();
        question.complete(Consent.CONTROL);

        byte[] expected = Pictures.pattern(WIDTH, HEIGHT);
        Await.until("live", () -> viewer.state == ViewerState.LIVE && host.states.contains(HostState.LIVE));
        Await.until(
                "sharp",
                () -> Pictures.lumaPsnr(expected, viewer.picture) >= 38,
                () -> "PSNR " + Pictures.lumaPsnr(expected, viewer.picture));
        assertThat(view.stats().width()).isEqualTo(WIDTH);
        assertThat(view.stats().counter("frames.shown")).isPositive();
        assertThat(share.stats()).isPresent();
        Await.until("a pattern takes no input", () -> !host.control);

        view.close();
        Await.until("the host's end", () -> host.states.contains(HostState.ENDED));
        Await.until("a new code", () -> host.codes.size() >= 2);
        assertThat(host.codes.getLast()).isNotEqualTo(host.codes.getFirst());
    }

    @Test
    void noAddressNoCodeAndNoNameReachesTheLog() {
        if (!(LoggerFactory.getLogger("dev.nearhand") instanceof Logger logger)) {
            throw new AssertionError("the tests log with logback");
        }
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.TRACE);
        logger.addAppender(log);
        try {
            ScreenShare share = share();
            String code = share.code();
            view(share, wrongCode(share), new Viewer()).close();
            Viewer viewer = new Viewer();
            ScreenView view = view(share, code, viewer);
            host.question(1).complete(Consent.CONTROL);
            Await.until("live", () -> viewer.state == ViewerState.LIVE);
            view.text("what I typed");
            view.close();
            Await.until("the host's end", () -> host.states.contains(HostState.ENDED));

            List<ILoggingEvent> said;
            synchronized (log) { // what is closing may still say something
                said = List.copyOf(log.list);
            }
            assertThat(said).isNotEmpty();
            assertThat(said)
                    .extracting(event -> event.getThreadName() + " " + event.getFormattedMessage())
                    .noneMatch(line -> line.matches(".*\\d+\\.\\d+\\.\\d+\\.\\d+.*")
                            || line.contains(code)
                            || line.contains("Ann")
                            || line.contains("what I typed"));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
    }

    @Test
    void aRefusedViewerSeesNothingAndIsToldSo() {
        ScreenShare share = share();
        String code = share.code();
        Viewer viewer = new Viewer();
        view(share, code, viewer);

        host.question(1).complete(Consent.REFUSED);

        assertThat(viewer.ending()).contains("did not allow it");
        assertThat(viewer.picture).isEmpty();
        Viewer again = new Viewer();
        view(share, code, again);
        assertThat(again.ending()).as("a code is good for one try").contains("not right");
    }

    @Test
    void theThirdWrongCodeReplacesTheCode() {
        ScreenShare share = share();
        String code = share.code();
        for (String expected : List.of("2 tries are left", "one try is left", "has changed")) {
            Viewer viewer = new Viewer();
            view(share, wrongCode(share), viewer);
            assertThat(viewer.ending()).contains(expected);
        }
        Await.until("a new code", () -> host.codes.size() >= 2);
        assertThat(host.codes.getLast()).isNotEqualTo(code).isEqualTo(share.code());
        assertThat(host.questions).isEmpty();
    }

    @Test
    void aSecondViewerIsTurnedAwayWhileSomebodyWatches() {
        ScreenShare share = share();
        Viewer first = new Viewer();
        view(share, share.code(), first);
        host.question(1).complete(Consent.VIEW_ONLY);
        Await.until("live", () -> first.state == ViewerState.LIVE);

        Viewer second = new Viewer();
        view(share, share.code(), second);

        assertThat(second.ending()).contains("Somebody else is connected");
        assertThat(first.state).isEqualTo(ViewerState.LIVE);
    }

    @Test
    void aViewerThatGivesUpTakesItsQuestionAway() {
        ScreenShare share = share();
        ScreenView view = view(share, share.code(), new Viewer());
        CompletableFuture<Consent> question = host.question(1);

        view.close();

        Await.until("cancelled", question::isCancelled);
        Viewer next = new Viewer();
        Await.until("a new code", () -> host.codes.size() >= 2);
        view(share, share.code(), next);
        host.question(2).complete(Consent.VIEW_ONLY);
        Await.until("live", () -> next.state == ViewerState.LIVE);
    }

    @Test
    void endingTheShareTellsTheViewer() {
        ScreenShare share = share();
        Viewer viewer = new Viewer();
        view(share, share.code(), viewer);
        host.question(1).complete(Consent.CONTROL);
        Await.until("live", () -> viewer.state == ViewerState.LIVE);

        share.endSession("That was all.");

        assertThat(viewer.ending()).isEqualTo("That was all.");
    }

    @Test
    void atARendezvousTheViewerSeesTheHostsPixelsToo() throws IOException {
        RendezvousServer server = RendezvousServer.open(
                List.of(InetAddress.getLoopbackAddress()), 0, RendezvousServer.Limits.ofHosts(10));
        open.add(server);
        String place = "ws://127.0.0.1:" + server.port();
        share(RendezvousAddress.parse(place));
        Await.until("registered", () -> host.invitations.stream().anyMatch(Invitation::isMetAtRendezvous));
        String code = host.invitations.getLast().rendezvousCode();
        assertThat(code).hasSize(15).endsWith(host.invitations.getLast().code());
        Viewer viewer = new Viewer();
        open.add(ScreenView.connect(
                new ViewOptions(new ViewOptions.Target.Rendezvous(place), code, "me", IceSettings.none()), viewer));
        host.question(1).complete(Consent.VIEW_ONLY);

        Await.until("live", () -> viewer.state == ViewerState.LIVE);
        server.close(); // nobody notices
        Await.until("a picture", () -> viewer.picture.length > 0);
        assertThat(viewer.state).isEqualTo(ViewerState.LIVE);
    }

    @Test
    void aWrongCodeAtARendezvousIsChecked() throws IOException {
        RendezvousServer server = RendezvousServer.open(
                List.of(InetAddress.getLoopbackAddress()), 0, RendezvousServer.Limits.ofHosts(10));
        open.add(server);
        String place = "ws://127.0.0.1:" + server.port();
        ScreenShare share = share(RendezvousAddress.parse(place));
        Await.until("registered", () -> host.invitations.stream().anyMatch(Invitation::isMetAtRendezvous));
        String number = host.invitations.getLast().rendezvousCode().substring(0, 6);
        Viewer viewer = new Viewer();
        open.add(ScreenView.connect(
                new ViewOptions(
                        new ViewOptions.Target.Rendezvous(place), number + wrongCode(share), "me", IceSettings.none()),
                viewer));

        assertThat(viewer.ending()).contains("not right");
        assertThat(host.questions).isEmpty();
    }

    @Test
    void anAddressOrACodeThatIsNoneIsSaidAtOnce() {
        for (List<String> typed : List.of(
                List.of("not an address", "123456789", "no address"), List.of("127.0.0.1:1", "12345", "9 digits"))) {
            Viewer viewer = new Viewer();
            open.add(ScreenView.connect(new ViewOptions(typed.get(0), typed.get(1), "me"), viewer));
            assertThat(viewer.ending()).contains(typed.get(2));
        }
    }
}
