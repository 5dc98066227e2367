package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.screen.CaptureException;
import dev.nearhand.capture.screen.CaptureResult;
import dev.nearhand.capture.screen.CaptureTarget;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.Rect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final InputEvent SHIFT = new InputEvent.Key("ShiftLeft", true);

    private final LinkPair links = new LinkPair();
    private final FakeScreen machine = new FakeScreen();
    private final Recorder seen = new Recorder();
    private final List<HostState> hostStates = new CopyOnWriteArrayList<>();
    private final List<String> hostReasons = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HostListener hostListener = new HostListener() {
        @Override
        public void onState(HostState state, String reason) {
            hostReasons.add(reason);
            hostStates.add(state);
        }

        @Override
        public void onControl(boolean allowed, String reason) {}
    };

    private HostSession host(boolean control, HostDevices devices) {
        HostSession session = new HostSession(
                new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 5_000_000, control),
                devices,
                links.host,
                hostListener,
                PathListener.NONE);
        open.add(session);
        return session;
    }

    private HostSession host(boolean control) {
        return host(control, machine.devices());
    }

    private ViewerSession viewer() {
        ViewerSession session = new ViewerSession("viewer", Recorder::decoder, links.viewer, seen, PathListener.NONE);
        open.add(session);
        return session;
    }

    /// Both sides, connected, the first picture shown.
    private ViewerSession live(HostSession host) {
        ViewerSession viewer = viewer();
        links.connect();
        machine.frame();
        Await.until("live", () -> seen.state == ViewerState.LIVE && host.state() == HostState.LIVE);
        return viewer;
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable session : open) {
            session.close();
        }
    }

    @Test
    void nothingIsCapturedBeforeTheConnectionStands() {
        host(true);
        viewer();
        links.state(PeerLink.State.CONNECTING, "on the way");
        Await.until("the viewer is connecting", () -> !seen.sentences.isEmpty());

        assertThat(machine.opened).hasValue(0);
        assertThat(machine.encoders).isEmpty();
    }

    @Test
    void theEncoderFollowsWhatThePathTakesUpToWhatWasConfigured() {
        live(host(true));
        for (int bps : new int[] {900_000, 5_000_000}) {
            links.target(bps == 5_000_000 ? 80_000_000 : bps);
            Await.until("the encoder has its target", () -> {
                machine.frame();
                return machine.targetBps == bps;
            });
        }
    }

    @Test
    void theViewerSeesTheScreenItsSizeAndTheCursor() {
        live(host(true));

        Await.until("the size", () -> seen.sizes.contains("64x48"));
        Await.until("the name", () -> seen.hostName.equals("host"));
        Await.until("the shape", () -> seen.shape != null);
        Await.until("the place", () -> new CursorPosition(10, 10, true).equals(seen.cursor));
        machine.cursor = new CursorPosition(5, 5, true);
        Await.until("a cursor outside of what is shared is not shown", () -> new CursorPosition(-95, -45, false)
                .equals(seen.cursor));
    }

    @Test
    void aStillScreenSendsNothingOnceItHasSettled() {
        HostSession host = host(true);
        live(host);
        int settled = 1 + FakeScreen.REFINEMENTS;
        Await.until("settled", () -> host.stats().counter("frames.sent") >= settled);

        // whatever would still be sent would come before the answer to this
        links.viewer.requestKeyframe();
        Await.until("the key frame", () -> machine.encoded.getLast().keyframe() && machine.encoded.size() > settled);
        assertThat(machine.encoded.get(settled).keyframe()).isTrue();
    }

    @Test
    void aKeyFrameCanBeHadWhileNothingChanges() {
        HostSession host = host(true);
        live(host);
        Await.until("settled", () -> host.stats().counter("frames.sent") >= 1 + FakeScreen.REFINEMENTS);
        long before = host.stats().counter("frames.sentKeyframes");

        links.viewer.requestKeyframe();

        Await.until("a key frame", () -> host.stats().counter("frames.sentKeyframes") > before);
    }

    @Test
    void anotherSizeGetsAnotherEncoderAndIsAnnounced() {
        live(host(true));

        machine.bounds = new Rect(100, 50, 128, 96);
        machine.results.add(new CaptureResult.Reinit("the screen was resized", 128, 96));
        machine.frame();

        Await.until("the encoder", () -> machine.encoders.size() == 2);
        assertThat(machine.encoders.getLast().width()).isEqualTo(128);
        Await.until("the size", () -> seen.sizes.getLast().equals("128x96"));
    }

    @Test
    void aVanishedScreenEndsTheSessionAndTheViewerIsToldWhy() {
        live(host(true));

        machine.results.add(new CaptureResult.Gone("the monitor was unplugged"));

        Await.until("the end", () -> seen.state == ViewerState.ENDED);
        assertThat(seen.last()).contains("the monitor was unplugged");
        Await.until("released", () -> machine.closed.get() == 1);
    }

    @Test
    void aScreenThatCannotBeReadEndsTheSessionWithItsReason() {
        HostDevices broken = new HostDevices(
                () -> {
                    throw new CaptureException("There is no display; start it inside a desktop session.");
                },
                machine.devices().encoder(),
                machine.devices().input());
        host(true, broken);
        viewer();
        links.connect();

        Await.until("the end", () -> seen.state == ViewerState.ENDED);
        assertThat(seen.last()).contains("There is no display");
    }

    @Test
    void inputArrivesAtItsPlaceOnTheDesktop() {
        ViewerSession viewer = live(host(true));

        viewer.input().button(3, 4, 1, true);
        viewer.input().button(3, 4, 1, false);
        viewer.input().wheel(63, 999, 0, -1);
        viewer.input().text("Grüße, 漢字 😀");

        Await.until("injected", () -> machine.injected.contains(new InputEvent.Text("Grüße, 漢字 😀")));
        assertThat(machine.injected)
                .containsExactly(
                        new InputEvent.PointerMove(103, 54),
                        new InputEvent.PointerButton(1, true),
                        new InputEvent.PointerMove(103, 54),
                        new InputEvent.PointerButton(1, false),
                        new InputEvent.PointerMove(163, 97),
                        new InputEvent.Wheel(0, -1),
                        new InputEvent.Text("Grüße, 漢字 😀"));
    }

    @Test
    void theLastMoveArrivesEvenWhenTheFastChannelLosesIt() {
        ViewerSession viewer = live(host(true));

        viewer.input().pointerMoved(1, 1);
        viewer.input().pointerMoved(20, 21);
        viewer.input().key("KeyA", true);
        viewer.input().key("KeyA", false);

        Await.until("the key", () -> machine.injected.contains(new InputEvent.Key("KeyA", false)));
        int press = machine.injected.indexOf(new InputEvent.Key("KeyA", true));
        assertThat(machine.injected.get(press - 1)).isEqualTo(new InputEvent.PointerMove(120, 71));
    }

    @Test
    void aViewerWithoutPermissionSteersNothing() {
        HostSession host = host(false);
        ViewerSession viewer = live(host);
        Await.until("told", () -> seen.sizes.size() > 0);

        // also one who does not care what it was told
        links.toHost("{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true}");
        links.toHost("{\"type\":\"button\",\"seq\":1,\"x\":1,\"y\":1,\"button\":1,\"down\":true}");
        viewer.input().text("x");

        Await.until("refused", () -> host.stats().counter("control.notPermitted") >= 2);
        assertThat(machine.injected).isEmpty();
        assertThat(seen.control).isFalse();
    }

    @Test
    void takingControlAwayReleasesWhatIsHeld() {
        HostSession host = host(true);
        ViewerSession viewer = live(host);
        viewer.input().key("ShiftLeft", true);
        Await.until("held", () -> machine.holds(SHIFT));

        host.allowControl(false);

        Await.until("released", machine::holdsNothing);
        Await.until("told", () -> !seen.control);
    }

    @Test
    void whatIsHeldStaysHeldWhileTheViewerIsThere() {
        HostSession host = host(true);
        ViewerSession viewer = live(host);

        viewer.input().key("ShiftLeft", true);
        Await.until("held", () -> machine.holds(SHIFT));
        Await.until("many heartbeats", () -> host.stats().counter("control.holding") >= 6);

        assertThat(machine.holds(SHIFT)).isTrue();
        assertThat(host.stats().counter("input.releasedForSilence")).isZero();
    }

    @Test
    void aViewerThatDiesWhileHoldingAKeyLeavesNoneDown() {
        HostSession host = host(true);
        ViewerSession viewer = live(host);
        viewer.input().key("ShiftLeft", true);
        Await.until("held", () -> machine.holds(SHIFT));

        links.silence(links.host);

        Await.until("released", machine::holdsNothing);
        assertThat(host.stats().counter("input.releasedForSilence")).isPositive();
    }

    @Test
    void anInterruptedConnectionReleasesWhatIsHeld() {
        ViewerSession viewer = live(host(true));
        viewer.input().key("ShiftLeft", true);
        Await.until("held", () -> machine.holds(SHIFT));

        links.cut(PeerLink.State.DISCONNECTED); // else the host's next word ends the silence

        Await.until("released", machine::holdsNothing);
        Await.until("both say so", () -> seen.state == ViewerState.SILENT && hostStates.contains(HostState.SILENT));
    }

    @Test
    void aMachineThatTakesNoInputIsViewOnlyAndSaysWhy() {
        HostDevices deaf =
                new HostDevices(machine.devices().screen(), machine.devices().encoder(), () -> {
                    throw new InputException("This desktop lets no program type.");
                });
        HostSession host = host(true, deaf);
        live(host);

        Await.until("view only", () -> !host.controlAllowed() && !seen.control);
        assertThat(host.state()).isEqualTo(HostState.LIVE);
    }

    @Test
    void unknownMalformedAndMisdirectedMessagesAreCountedAndDoNoHarm() {
        HostSession host = host(true);
        ViewerSession viewer = live(host);

        links.toHost("{\"type\":\"later\"}");
        links.toHost("garbage");
        links.toHost("{\"type\":\"screen\",\"width\":1,\"height\":1,\"monitors\":[]}");
        links.toViewer("{\"type\":\"later\"}");
        links.toViewer("{}");
        links.toViewer("{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true}");

        Await.until("counted", () -> viewer.stats().counter("control.misdirected") == 1);
        assertThat(List.of(
                        host.stats().counter("control.unknown"),
                        host.stats().counter("control.malformed"),
                        host.stats().counter("control.misdirected"),
                        viewer.stats().counter("control.unknown"),
                        viewer.stats().counter("control.malformed")))
                .containsOnly(1L);
        assertThat(seen.state).isEqualTo(ViewerState.LIVE);
    }

    @Test
    void aBrokenFrameAsksForAKeyFrame() {
        HostSession host = host(true);
        live(host);

        links.host.sendVideo(java.nio.ByteBuffer.wrap(new byte[] {1}), 0);

        Await.until("asked", () -> host.stats().counter("frames.keyframeRequests") > 0);
    }

    @Test
    void theHostsEndReachesTheViewerWithItsReason() {
        HostSession host = host(true);
        live(host);

        host.stop("Lunch.");

        Await.until("the end", () -> seen.state == ViewerState.ENDED);
        assertThat(seen.last()).isEqualTo("Lunch.");
        Await.until("the host's end", () -> hostStates.getLast() == HostState.ENDED);
        Await.until("the link's end", () -> links.host.closed);
    }

    @Test
    void theViewersEndReleasesTheHostsDevices() {
        ViewerSession viewer = live(host(true));
        viewer.input().key("ShiftLeft", true);
        Await.until("held", () -> machine.holds(SHIFT));

        viewer.close();

        assertThat(seen.state).isEqualTo(ViewerState.ENDED);
        Await.until("the host's end", () -> hostStates.contains(HostState.ENDED));
        assertThat(hostReasons.getLast()).contains("disconnected");
        assertThat(machine.holdsNothing()).isTrue();
        assertThat(machine.closed).hasValue(1);
    }

    @Test
    void aConnectionThatCannotBeMadeEndsBothWithWhatToTry() {
        host(true);
        viewer();

        links.state(PeerLink.State.FAILED, "no pair of addresses answered");

        Await.until("the end", () -> seen.state == ViewerState.ENDED && hostStates.contains(HostState.ENDED));
        assertThat(seen.last()).contains("firewall");
    }

    @Test
    void endingTwiceIsOnce() {
        HostSession host = host(true);
        live(host);

        host.stop("one");
        host.stop("two");
        host.close();

        assertThat(hostStates.stream().filter(state -> state == HostState.ENDED))
                .hasSize(1);
        assertThat(hostReasons.getLast()).isEqualTo("one");
    }
}
