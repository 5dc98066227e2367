package dev.nearhand.app.connect;

import dev.nearhand.app.local.LocalMachine;
import dev.nearhand.app.session.AnsweringLink;
import dev.nearhand.app.session.InputSender;
import dev.nearhand.app.session.LinkStats;
import dev.nearhand.app.session.SessionStats;
import dev.nearhand.app.session.ViewerListener;
import dev.nearhand.app.session.ViewerSession;
import dev.nearhand.app.session.ViewerState;
import dev.nearhand.app.session.Words;
import dev.nearhand.app.signaling.MessageSocket;
import dev.nearhand.app.signaling.Refusal;
import dev.nearhand.app.signaling.SignalMessage;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection to another screen, from the address and the code on. Any thread; only [#close] waits.
public final class ScreenView implements RemoteScreen {
    private final ViewOptions options;
    private final ViewerListener listener;
    private final Links links;
    private @Nullable MessageSocket<SignalMessage> signaling;
    private volatile @Nullable ViewerSession session;
    private @Nullable ViewerPaths paths;
    private boolean over;

    private ScreenView(ViewOptions options, ViewerListener listener, Links links) {
        this.options = options;
        this.listener = listener;
        this.links = links;
    }

    /// Begins to connect; everything else comes through `listener`, also every failure, as
    /// [dev.nearhand.app.session.ViewerState#ENDED] with its reason.
    public static ScreenView connect(ViewOptions options, ViewerListener listener) {
        return connect(options, listener, Links.webRtc(options.ice()));
    }

    static ScreenView connect(ViewOptions options, ViewerListener listener, Links links) {
        ScreenView view = new ScreenView(options, listener, links);
        Thread.startVirtualThread(view::begin);
        return view;
    }

    @Override
    public void pointerMoved(int x, int y) {
        input(sender -> sender.pointerMoved(x, y));
    }

    @Override
    public void button(int x, int y, int button, boolean down) {
        input(sender -> sender.button(x, y, button, down));
    }

    @Override
    public void wheel(int x, int y, double notchesX, double notchesY) {
        input(sender -> sender.wheel(x, y, notchesX, notchesY));
    }

    @Override
    public void key(String code, boolean down) {
        input(sender -> sender.key(code, down));
    }

    @Override
    public void text(String text) {
        input(sender -> sender.text(text));
    }

    @Override
    public void releaseAll() {
        input(InputSender::releaseAll);
    }

    private void input(Consumer<InputSender> action) {
        ViewerSession present = session;
        if (present != null) {
            action.accept(present.input());
        }
    }

    @Override
    public boolean canBeSteered() {
        return true;
    }

    @Override
    public SessionStats stats() {
        ViewerSession present = session;
        LinkStats none = LinkStats.none();
        return present != null
                ? present.stats()
                : new SessionStats(
                        Duration.ZERO, 0, 0, 0, 0, none.roundTrip(), none.path(), new TreeMap<>(), new TreeMap<>());
    }

    /// Says goodbye and ends; waits until that is done.
    @Override
    public void close() {
        ViewerSession present = session;
        if (present != null) {
            present.close();
        } else {
            end("You have disconnected.");
        }
        closeSignaling();
    }

    private void begin() {
        switch (Meeting.of(options)) {
            case Meeting.Impossible(String why) -> end(why);
            case Meeting.At place -> {
                listener.onState(ViewerState.CONNECTING, "Looking for the other machine …");
                LocalMachine.warmUpCodecs();
                synchronized (this) {
                    if (!over) {
                        signaling = MessageSocket.connect(
                                place.endpoint(),
                                SignalMessage.CODEC,
                                MessageSocket.CONNECT_LIMIT,
                                new HostSays(place));
                    }
                }
            }
        }
    }

    /// Ends before there is a session; afterwards the session itself says how it ended.
    private void end(String reason) {
        synchronized (this) {
            if (over || session != null) {
                return;
            }
            over = true;
        }
        listener.onState(ViewerState.ENDED, reason);
        closeSignaling();
    }

    private void closeSignaling() {
        MessageSocket<SignalMessage> open;
        ViewerPaths begun;
        synchronized (this) {
            over = true;
            open = signaling;
            begun = paths;
        }
        if (begun != null) {
            begun.close();
        }
        if (open != null) {
            open.close();
        }
    }

    private synchronized void send(SignalMessage message) {
        if (signaling != null) {
            signaling.send(message);
        }
    }

    private void answer(Meeting.At place, String offer) {
        AnsweringLink link = links.viewer(place.isThisMachine());
        ViewerSession made;
        ViewerPaths begun;
        synchronized (this) {
            MessageSocket<SignalMessage> open = signaling;
            if (over || session != null || open == null) {
                link.close();
                return;
            }
            begun = new ViewerPaths(place.endpoint(), link, open);
            made = new ViewerSession(
                    Words.plain(options.viewerName(), Guest.NAME_LIMIT), LocalMachine::decoder, link, listener, begun);
            session = made;
            paths = begun;
        }
        begun.begin(made, offer);
    }

    private void hear(Meeting.At place, SignalMessage message) {
        ViewerPaths begun;
        synchronized (this) {
            begun = paths;
        }
        if (begun != null) {
            PathSignals.fromSignal(message).ifPresent(begun::onRemote);
        } else if (message instanceof SignalMessage.Offer(String sdp)) {
            answer(place, sdp);
        }
    }

    private final class HostSays implements MessageSocket.Events<SignalMessage> {
        private final Meeting.At place;

        HostSays(Meeting.At place) {
            this.place = place;
        }

        @Override
        public void onOpen() {
            // the client's own reference is set when connect() has returned, which this must not race
            Thread.startVirtualThread(() -> send(new SignalMessage.Join(
                    SignalMessage.VERSION, place.code(), Words.plain(options.viewerName(), Guest.NAME_LIMIT))));
        }

        @Override
        public void onMessage(SignalMessage message) {
            switch (message) {
                case SignalMessage.Asking() ->
                    listener.onState(
                            ViewerState.CONNECTING, "Waiting for the person at the other screen to allow it …");
                case SignalMessage.Refused refused -> end(sentence(refused));
                case SignalMessage.Offer _, SignalMessage.Candidate _ -> hear(place, message);
                case SignalMessage.Join _,
                        SignalMessage.Answer _,
                        SignalMessage.Rejoin _,
                        SignalMessage.Rejoined _,
                        SignalMessage.Restart _,
                        SignalMessage.Bye _ -> {}
            }
        }

        @Override
        public void onClosed(String reason) {
            ViewerSession present = session;
            if (present == null) {
                end(reason);
            }
        }

        private String sentence(SignalMessage.Refused refused) {
            String message = Words.plain(refused.message(), 300);
            return message.isEmpty() || Refusal.VERSION.isCauseOf(refused)
                    ? "The other machine has another version of Nearhand; both sides need the same one."
                    : message;
        }
    }
}
