package dev.nearhand.app.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.app.Await;
import dev.nearhand.app.rendezvous.RendezvousServer;
import dev.nearhand.app.session.AnsweringLink;
import dev.nearhand.app.session.HostConfig;
import dev.nearhand.app.session.HostDevices;
import dev.nearhand.app.session.HostState;
import dev.nearhand.app.session.LinkPair;
import dev.nearhand.app.session.OfferingLink;
import dev.nearhand.app.session.PathMessage;
import dev.nearhand.app.session.PeerLink;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.app.signaling.Endpoint;
import dev.nearhand.app.signaling.HostAddress;
import dev.nearhand.app.signaling.MessageSocket;
import dev.nearhand.app.signaling.RendezvousAddress;
import dev.nearhand.app.signaling.SignalMessage;
import dev.nearhand.capture.ScreenSources;
import dev.nearhand.capture.VideoCodecs;
import dev.nearhand.capture.codec.DecodedPicture;
import dev.nearhand.capture.input.InputException;
import dev.nearhand.capture.screen.CaptureTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// A session whose connection is lost comes back by the signaling, and nobody is asked again. The connection is not
/// real, the signaling is.
class ReconnectTest {
    private final LinkPair pair = new LinkPair();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Host host = new Host();
    private final Viewer viewer = new Viewer();
    private final Links links = new Links() {
        @Override
        public OfferingLink host(List<InetAddress> bind, boolean thisMachine) {
            return pair.host;
        }

        @Override
        public AnsweringLink viewer(boolean thisMachine) {
            return pair.viewer;
        }
    };

    private static final class Host implements ShareListener {
        final List<Invitation> invitations = new CopyOnWriteArrayList<>();
        final List<HostState> states = new CopyOnWriteArrayList<>();
        volatile int questions;

        @Override
        public void onInvitation(Invitation invitation) {
            invitations.add(invitation);
        }

        @Override
        public CompletableFuture<Consent> onConsentAsked(String name) {
            questions = questions + 1;
            return CompletableFuture.completedFuture(Consent.CONTROL);
        }

        @Override
        public void onState(String name, HostState state, String reason) {
            states.add(state);
        }

        @Override
        public void onControl(boolean allowed, String reason) {}
    }

    private static final class Viewer implements ViewerListener {
        final List<ViewerState> states = new CopyOnWriteArrayList<>();
        volatile String last = "";

        ViewerState state() {
            return states.isEmpty() ? ViewerState.CONNECTING : states.getLast();
        }

        @Override
        public void onState(ViewerState state, String sentence) {
            last = sentence;
            states.add(state);
        }

        @Override
        public void onPicture(DecodedPicture picture) {}
    }

    private ScreenShare share(Optional<RendezvousAddress> rendezvous) {
        HostDevices devices =
                new HostDevices(() -> ScreenSources.pattern(64, 48, true), VideoCodecs::openEncoder, () -> {
                    throw new InputException("A pattern takes no input.");
                });
        HostConfig config = new HostConfig("host", new CaptureTarget.WholeDesktop(), 30, 1_000_000, true);
        ScreenShare share = ScreenShare.start(
                new ShareOptions(0, List.of(InetAddress.getLoopbackAddress()), config, IceSettings.none(), rendezvous),
                devices,
                host,
                links);
        open.add(share);
        return share;
    }

    private ScreenView view(ViewOptions.Target target, String code) {
        ScreenView view = ScreenView.connect(new ViewOptions(target, code, "me", IceSettings.none()), viewer, links);
        open.add(view);
        return view;
    }

    /// A session by the host's own listener.
    private ScreenShare live() {
        pair.reachable = true;
        ScreenShare share = share(Optional.empty());
        view(new ViewOptions.Target.Direct("127.0.0.1:" + share.port()), share.code());
        awaitLive();
        return share;
    }

    private void awaitLive() {
        Await.until(
                "live",
                () -> viewer.state() == ViewerState.LIVE
                        && !host.states.isEmpty()
                        && host.states.getLast() == HostState.LIVE);
    }

    private void awaitSilent() {
        Await.until(
                "both know",
                () -> viewer.states.contains(ViewerState.SILENT) && host.states.contains(HostState.SILENT));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void aLostConnectionIsMadeAgainWithoutAQuestion() {
        live();
        pair.cut(PeerLink.State.DISCONNECTED);
        awaitSilent();
        awaitLive();

        assertThat(pair.host.offers).hasSizeGreaterThanOrEqualTo(2);
        assertThat(host.questions).isEqualTo(1);
        assertThat(host.states).doesNotContain(HostState.ENDED);
    }

    @Test
    void aFailedConnectionIsMadeAgainAndAgain() {
        live();
        for (int round = 1; round <= 3; round++) {
            long before = silences();
            pair.cut(PeerLink.State.FAILED);
            Await.until("silent", () -> silences() > before);
            awaitLive();
        }
        assertThat(host.questions).isEqualTo(1);
    }

    private long silences() {
        return viewer.states.stream().filter(ViewerState.SILENT::equals).count();
    }

    @Test
    void itIsTriedUntilTheNetworkIsBack() {
        live();
        pair.reachable = false;
        pair.cut(PeerLink.State.DISCONNECTED);
        awaitSilent();
        Await.until("an offer", () -> pair.host.offers.size() >= 2);

        pair.reachable = true;

        awaitLive();
    }

    @Test
    void whileSomebodyIsAwayAnotherOneIsInvited() {
        ScreenShare share = live();
        pair.reachable = false;
        int before = host.invitations.size();
        pair.cut(PeerLink.State.DISCONNECTED);
        awaitSilent();

        Await.until("invited", () -> host.invitations.size() > before);
        assertThat(host.invitations.getLast().code()).isEqualTo(share.code());
    }

    @Test
    void aSessionThatTheHostHasEndedMeanwhileIsOver() {
        ScreenShare share = live();
        pair.reachable = false;
        pair.cut(PeerLink.State.DISCONNECTED);
        awaitSilent();

        share.endSession("That was all.");

        Await.until("the end", () -> viewer.state() == ViewerState.ENDED);
        assertThat(viewer.last).containsAnyOf("That was all.", "The session is over");
    }

    @RepeatedTest(8) // it depended on which of two threads closed the WebSocket
    void aViewerThatGivesUpWhileItReconnectsTellsTheHost() throws Exception {
        live();
        pair.reachable = false;
        pair.cut(PeerLink.State.DISCONNECTED);
        awaitSilent();
        Await.until("by the signaling again", () -> pair.host.offers.size() >= 2);

        open.removeLast().close();

        Await.until("the host knows", () -> host.states.getLast() == HostState.ENDED);
    }

    @Test
    void nobodyComesBackWithoutTheTicket() {
        ScreenShare share = live();
        List<SignalMessage> said = new CopyOnWriteArrayList<>();
        List<String> closed = new CopyOnWriteArrayList<>();
        CompletableFuture<MessageSocket<SignalMessage>> socket = new CompletableFuture<>();
        socket.complete(MessageSocket.connect(
                Endpoint.of(new HostAddress("127.0.0.1", share.port())),
                SignalMessage.CODEC,
                MessageSocket.CONNECT_LIMIT,
                new MessageSocket.Events<>() {
                    @Override
                    public void onOpen() {
                        socket.thenAccept(each -> each.send(new SignalMessage.Rejoin(1, "AAAAAAAAAAAAAAAAAAAAAA")));
                    }

                    @Override
                    public void onMessage(SignalMessage message) {
                        said.add(message);
                    }

                    @Override
                    public void onClosed(String reason) {
                        closed.add(reason);
                    }
                }));

        Await.until("closed", () -> closed.size() == 1);
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).isInstanceOf(SignalMessage.Refused.class);
        assertThat(viewer.state()).isEqualTo(ViewerState.LIVE);
    }

    @Test
    void aNewCandidateGoesThroughTheConnectionWhileItWorks() {
        live();
        pair.viewer.find("candidate:new of the viewer");
        pair.host.find("candidate:new of the host");

        Await.until(
                "told",
                () -> pair.host.candidates.contains(new PathMessage.Candidate("candidate:new of the viewer", "0"))
                        && pair.viewer.candidates.contains(
                                new PathMessage.Candidate("candidate:new of the host", "0")));
        assertThat(viewer.states).doesNotContain(ViewerState.SILENT);
    }

    @Test
    void aRendezvousThatDiesIsNotNoticedAndOneThatIsThereAgainLeadsBack() throws IOException {
        RendezvousServer server = rendezvous(0);
        int port = server.port();
        String place = "ws://127.0.0.1:" + port;
        pair.reachable = true;
        share(RendezvousAddress.parse(place));
        Await.until("registered", () -> host.invitations.stream().anyMatch(Invitation::isMetAtRendezvous));
        view(
                new ViewOptions.Target.Rendezvous(place),
                host.invitations.getLast().rendezvousCode());
        awaitLive();

        server.close();
        pair.viewer.find("candidate:new"); // the connection itself carries it
        Await.until("told", () -> pair.host.candidates.contains(new PathMessage.Candidate("candidate:new", "0")));
        assertThat(viewer.states).doesNotContain(ViewerState.SILENT);
        assertThat(host.states).doesNotContain(HostState.SILENT);

        pair.cut(PeerLink.State.FAILED);
        awaitSilent();
        rendezvous(port);
        awaitLive();
        assertThat(host.questions).isEqualTo(1);
    }

    private RendezvousServer rendezvous(int port) throws IOException {
        RendezvousServer server = RendezvousServer.open(
                List.of(InetAddress.getLoopbackAddress()), port, RendezvousServer.Limits.ofHosts(10));
        open.add(server);
        return server;
    }
}
