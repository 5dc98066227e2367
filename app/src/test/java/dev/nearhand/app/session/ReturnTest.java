package dev.nearhand.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.capture.input.InputEvent;
import dev.nearhand.capture.screen.CaptureTarget;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a session does when its connection is interrupted, and when it comes back.
class ReturnTest {
    private static final InputEvent SHIFT = new InputEvent.Key("ShiftLeft", true);

    private final LinkPair links = new LinkPair();
    private final FakeScreen machine = new FakeScreen();
    private final Recorder seen = new Recorder();
    private final List<HostState> hostStates = new CopyOnWriteArrayList<>();
    private final HostSession host = new HostSession(
            new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 5_000_000, true),
            machine.devices(),
            links.host,
            new HostListener() {
                @Override
                public void onState(HostState state, String reason) {
                    hostStates.add(state);
                }

                @Override
                public void onControl(boolean allowed, String reason) {}
            },
            PathListener.NONE);
    private final ViewerSession viewer =
            new ViewerSession("viewer", Recorder::decoder, links.viewer, seen, PathListener.NONE);

    @BeforeEach
    void live() {
        links.connect();
        machine.frame();
        Await.until("live", () -> seen.state == ViewerState.LIVE && host.state() == HostState.LIVE);
    }

    @AfterEach
    void end() {
        viewer.close();
        host.close();
    }

    @Test
    void whenTheConnectionIsBackBothSayItAndAKeyFrameComes() {
        links.cut(PeerLink.State.FAILED);
        Await.until("both wait", () -> seen.state == ViewerState.SILENT && host.state() == HostState.SILENT);
        assertThat(seen.last()).contains("reconnecting");
        long before = host.stats().counter("frames.sentKeyframes");

        links.mend();

        Await.until("both are back", () -> seen.state == ViewerState.LIVE && host.state() == HostState.LIVE);
        Await.until("a key frame", () -> host.stats().counter("frames.sentKeyframes") > before);
    }

    @Test
    void whatIsDoneWhileTheConnectionIsInterruptedIsNotDoneLater() {
        viewer.input().text("before");
        Await.until("before", () -> machine.injected.contains(new InputEvent.Text("before")));
        links.cut(PeerLink.State.DISCONNECTED);
        Await.until("noticed", () -> seen.state == ViewerState.SILENT);

        viewer.input().text("meanwhile");
        viewer.input().key("ShiftLeft", true);
        links.mend();
        Await.until("back", () -> seen.state == ViewerState.LIVE);
        viewer.input().text("after");

        Await.until("after", () -> machine.injected.contains(new InputEvent.Text("after")));
        assertThat(machine.injected).containsExactly(new InputEvent.Text("before"), new InputEvent.Text("after"));
    }

    /// The input followed a moment after the news: what was done in between went out too late, or not at all.
    @Test
    void whoHearsOfTheInterruptionCanDoNothingAndWhoHearsOfItsEndCan() {
        seen.onTold = state -> viewer.input().text(state == ViewerState.SILENT ? "meanwhile" : "at once");
        links.cut(PeerLink.State.DISCONNECTED);
        Await.until("noticed", () -> seen.state == ViewerState.SILENT);

        links.mend();

        Await.until("at once", () -> machine.injected.contains(new InputEvent.Text("at once")));
        assertThat(machine.injected).containsExactly(new InputEvent.Text("at once"));
    }

    @Test
    void inputThatArrivesLateIsNotDoneAndReleasesWhatIsHeld() {
        links.toHost("{\"type\":\"at\",\"millis\":1000000}");
        links.toHost("{\"type\":\"key\",\"code\":\"ShiftLeft\",\"down\":true}");
        Await.until("in time", () -> machine.injected.contains(SHIFT));

        links.toHost("{\"type\":\"at\",\"millis\":990000}");
        links.toHost("{\"type\":\"text\",\"text\":\"ten seconds old\"}");

        Await.until("released", machine::holdsNothing);
        Await.until("counted", () -> host.stats().counter("input.tooLate") == 1);
        assertThat(machine.injected).doesNotContain(new InputEvent.Text("ten seconds old"));
    }
}
