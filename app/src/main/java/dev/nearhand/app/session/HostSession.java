package dev.nearhand.app.session;

import dev.nearhand.app.json.Decoded;
import dev.nearhand.app.session.protocol.ControlMessage;
import dev.nearhand.app.session.protocol.ControlProtocol;
import dev.nearhand.capture.codec.EncodedFrame;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.screen.CursorSource;
import dev.nearhand.capture.screen.Monitor;
import dev.nearhand.capture.screen.Rect;
import dev.nearhand.capture.tiles.VideoMap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host's side of one connection to a viewer who may see the screen: sends pictures and the cursor, does what the
/// viewer does if that is allowed, and lets go of everything when the viewer is gone.
///
/// Does not decide who may connect: that happened before, and nothing is captured before the connection stands. Every
/// method may be called from any thread. Survives the loss of its path: it waits, and the [PathListener] sees to
/// another one. Ends once, by either side or after five minutes without the other, with a reason.
public final class HostSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostSession.class);
    private static final long ENDED_WAIT_MILLIS = 6_000;

    private final HostConfig config;
    private final PeerLink link;
    private final HostListener listener;
    private final PathListener paths;
    private final Counters counters = new Counters();
    private final StageTimings timings = new StageTimings();
    private final RateMeter frames = new RateMeter();
    private final RateMeter bytes = new RateMeter();
    private final Liveness liveness = new Liveness();
    private final long startNanos = System.nanoTime();
    private final TileCarrier tiles;
    private final ScreenStream stream;
    private final InputThread input;
    private final SteeredInput steered;
    private final ScheduledExecutorService clock = SessionThreads.clock("host-clock");
    private final SessionEnd end;

    private volatile HostState state = HostState.CONNECTING;
    private volatile boolean controlAllowed;
    private volatile boolean inputWorks = true;
    private volatile Rect shared = Rect.ofSize(0, 0);
    private @Nullable CursorWatch cursor;

    /// Listens to `link` from now on; nothing else happens before the link is connected.
    public HostSession(
            HostConfig config, HostDevices devices, PeerLink link, HostListener listener, PathListener paths) {
        this.config = config;
        this.link = link;
        this.listener = listener;
        this.paths = paths;
        this.controlAllowed = config.control();
        this.tiles = new TileCarrier(link, counters, bytes, this::wakeStream);
        this.stream = new ScreenStream(devices, VideoCodec.VP8, config, tiles, new StreamSink(), timings, counters);
        this.input = new InputThread(devices.input(), liveness::silentMillis, this::inputFailed, counters);
        this.steered = new SteeredInput(input, this::controlAllowed, () -> shared, counters);
        this.end = new SessionEnd(clock, link, this::send);
        link.limitVideo(config.bitrateBps() * 5L / 4); // with headers, and what goes out twice
        link.listen(new LinkEvents());
        clock.schedule(this::giveUpConnecting, Liveness.CONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void wakeStream() {
        stream.wake();
    }

    private void giveUpConnecting() {
        if (state == HostState.CONNECTING) {
            end("No direct connection to the viewer could be made in time.", false);
        }
    }

    public HostState state() {
        return state;
    }

    /// Whether the viewer may steer now.
    public boolean controlAllowed() {
        return controlAllowed && inputWorks;
    }

    /// Whether the viewer may steer from now on. What is held is released when that ends.
    public void allowControl(boolean allowed) {
        controlAllowed = allowed;
        if (!allowed) {
            input.releaseAll();
        }
        announceControl(allowed ? "" : "The host lets you view only.");
    }

    public SessionStats stats() {
        long now = System.nanoTime();
        LinkStats sent = link.stats();
        var counts = counters.snapshot();
        sent.counters().forEach((name, count) -> counts.put("link." + name, count));
        Rect place = shared;
        return new SessionStats(
                Duration.ofNanos(now - startNanos),
                place.width(),
                place.height(),
                frames.perSecond(now),
                bytes.perSecond(now) * 8 / 1000.0,
                sent.roundTrip(),
                sent.path(),
                Stages.millis(timings),
                counts);
    }

    /// Says something about the path through the connection itself.
    ///
    /// @return false when that cannot be
    public boolean sendPath(PathMessage message) {
        return send(PathProtocol.toControl(message));
    }

    /// Gives the viewer what it comes back with.
    ///
    /// @return false when that cannot be now
    public boolean giveTicket(String ticket) {
        return send(new ControlMessage.Ticket(ticket));
    }

    /// The viewer does not come back.
    public void lost(String reason) {
        end(reason, false);
    }

    /// Tells the viewer and ends; returns at once.
    ///
    /// @param reason a sentence for both persons
    public void stop(String reason) {
        end(reason, true);
    }

    /// [#stop], and waits until the threads have ended and everything is released.
    @Override
    public void close() {
        stop("The host has stopped sharing.");
        end.await(ENDED_WAIT_MILLIS);
    }

    private void end(String reason, boolean tell) {
        if (!end.begin(reason, tell)) {
            return;
        }
        LOG.info("the host session ends: {}", reason);
        input.releaseAll();
        SessionThreads.start("host-end", () -> {
            input.stop();
            CursorWatch watch;
            synchronized (this) {
                watch = cursor;
            }
            if (watch != null) {
                watch.stop();
            }
            stream.stop();
            tiles.close();
            state = HostState.ENDED;
            end.finish(() -> listener.onState(HostState.ENDED, reason));
        });
    }

    private boolean send(ControlMessage message) {
        return link.sendControl(ControlProtocol.encode(message));
    }

    private void announceControl(String reason) {
        send(new ControlMessage.Permission(controlAllowed(), reason));
        listener.onControl(controlAllowed(), reason);
    }

    private void inputFailed(String reason) {
        inputWorks = false;
        announceControl(reason);
    }

    private void everySecond() {
        double framesPerSecond = frames.perSecond(System.nanoTime());
        if (framesPerSecond > 0 && state == HostState.LIVE) {
            var stages = Stages.millis(timings);
            send(new ControlMessage.HostStats(
                    framesPerSecond,
                    Math.clamp(stages.getOrDefault("wait", 0.0), 0, 999_999),
                    Math.clamp(stages.getOrDefault("encode", 0.0), 0, 999_999)));
        }
        long silent = liveness.silentMillis();
        if (silent > Liveness.GONE_MILLIS) {
            end("The viewer could not be reached again for " + silent / 60_000 + " minutes.", false);
        } else if (silent > Liveness.SILENT_MILLIS) {
            interrupted("Nothing comes from the viewer; waiting for them to come back.");
        }
    }

    private void interrupted(String why) {
        if (changeState(HostState.LIVE, HostState.SILENT, why)) {
            input.releaseAll();
            paths.onLink(PeerLink.State.DISCONNECTED);
        }
    }

    /// Something has come from the viewer.
    private void heard() {
        liveness.heard();
        if (state == HostState.SILENT && changeState(HostState.SILENT, HostState.LIVE, "The viewer is back.")) {
            stream.requestKeyframe();
        }
    }

    /// Whether it was in `from`.
    private synchronized boolean changeState(HostState from, HostState to, String reason) {
        if (state != from || end.begun()) {
            return false;
        }
        state = to;
        listener.onState(to, reason);
        return true;
    }

    /// Of what is old soon: it does not wait for a viewer to come back.
    private boolean sendWhileLive(ControlMessage message) {
        return state != HostState.SILENT && send(message);
    }

    private synchronized void goLive() {
        if (state != HostState.CONNECTING || end.begun()) {
            return;
        }
        changeState(HostState.CONNECTING, HostState.LIVE, "The viewer sees this screen.");
        liveness.heard();
        input.start();
        stream.start();
        clock.scheduleAtFixedRate(this::everySecond, 1, 1, TimeUnit.SECONDS);
    }

    /// What comes out of the screen goes to the one viewer.
    private final class StreamSink implements ScreenStream.Sink {
        @Override
        public void screen(List<Monitor> monitors, Rect place) {
            shared = place;
            ControlMessage message = new ControlMessage.Screen(
                    place.width(),
                    place.height(),
                    monitors.stream()
                            .limit(ControlMessage.Screen.MONITOR_LIMIT)
                            .map(monitor -> new ControlMessage.ScreenMonitor(
                                    Words.bounded(monitor.name(), 100),
                                    monitor.bounds().x(),
                                    monitor.bounds().y(),
                                    monitor.bounds().width(),
                                    monitor.bounds().height(),
                                    monitor.primary(),
                                    !monitor.bounds().intersection(place).isEmpty()))
                            .toList());
            send(message);
        }

        @Override
        public void cursor(CursorSource source) {
            CursorWatch watch = new CursorWatch(
                    source,
                    () -> shared,
                    HostSession.this::sendWhileLive,
                    message -> link.sendPointer(ControlProtocol.encode(message)));
            synchronized (HostSession.this) {
                cursor = watch;
            }
            watch.start();
        }

        @Override
        public void frame(EncodedFrame frame, Optional<VideoMap> map) {
            long now = System.nanoTime();
            frames.add(now, 1);
            bytes.add(now, frame.sizeBytes());
            counters.count("frames.sent");
            counters.count("frames.sentBytes", frame.sizeBytes());
            if (frame.keyframe()) {
                counters.count("frames.sentKeyframes");
            }
            ByteBuffer data = map.map(of -> of.appendTo(frame.data())).orElse(frame.data());
            link.sendVideo(data, rtpTimestamp(frame.captureNanos()));
        }

        @Override
        public void ended(String reason) {
            end(reason, true);
        }
    }

    /// The media time of RFC 7741 section 4.1: 90 kHz, 32 bits.
    static long rtpTimestamp(long nanos) {
        return Math.floorDiv(nanos, 1000L) * 9 / 100 & 0xffff_ffffL;
    }

    /// What comes from the viewer, on the connection's thread.
    private final class LinkEvents implements PeerLink.Events {
        private boolean tilesAsked;

        @Override
        public void onState(PeerLink.State now, String reason) {
            switch (now) {
                case CONNECTING -> {}
                case CONNECTED -> stream.requestKeyframe(); // what was on its way is lost; live with the first word
                case DISCONNECTED -> lost();
                case FAILED -> {
                    if (state == HostState.CONNECTING) {
                        end("No direct connection to the viewer could be made: " + reason, false);
                    } else {
                        lost();
                    }
                }
                case CLOSED -> end("The viewer has disconnected.", false);
            }
            paths.onLink(now);
        }

        private void lost() {
            input.releaseAll();
            interrupted("The connection to the viewer is interrupted; waiting for them to come back.");
        }

        @Override
        public void onControlOpen() {
            send(new ControlMessage.Hello(
                    ControlProtocol.VERSION, Words.bounded(config.name(), ControlMessage.Hello.NAME_LIMIT), List.of()));
            announceControl("");
            goLive();
            paths.onLink(PeerLink.State.CONNECTED); // now there is a channel, too
        }

        @Override
        public void onControl(ByteBuffer message) {
            receive(message);
        }

        @Override
        public void onPointer(ByteBuffer message) {
            receive(message);
        }

        @Override
        public void onVideo(ByteBuffer frame, long rtpTimestamp, boolean keyframe) {
            counters.count("control.misdirected");
        }

        @Override
        public void onTilesOpen() {
            tiles.opened();
        }

        @Override
        public void onTiles(ByteBuffer message) {
            heard();
            tiles.receive(message);
        }

        @Override
        public void onTilesClosed() {
            tiles.closed();
            stream.requestKeyframe(); // what the tiles showed has to come some other way
        }

        @Override
        public void onKeyframeRequest() {
            heard();
            stream.requestKeyframe();
        }

        @Override
        public void onTargetBitrate(long bps) {
            stream.limitBitrate(bps);
        }

        @Override
        public void onCandidate(PathMessage.Candidate candidate) {
            paths.onLocal(candidate);
        }

        private void receive(ByteBuffer bytes) {
            heard();
            switch (ControlProtocol.decodeAtHost(bytes)) {
                case Decoded.Message<ControlMessage>(ControlMessage message) -> receive(message);
                case Decoded.Unknown<ControlMessage> _ -> counters.count("control.unknown");
                case Decoded.Malformed<ControlMessage> _ -> counters.count("control.malformed");
            }
        }

        private void receive(ControlMessage message) {
            switch (message) {
                case ControlMessage.Hello hello -> {
                    LOG.info("the viewer speaks version {}", hello.version());
                    if (hello.capabilities().contains(ControlProtocol.TILES_CAPABILITY) && !tilesAsked) {
                        tilesAsked = true;
                        tiles.moves(hello.capabilities().contains(ControlProtocol.MOVES_CAPABILITY));
                        link.openTiles();
                    }
                }
                case ControlMessage.Pointer move -> {
                    tiles.pointer(move.x(), move.y());
                    steered.pointer(move);
                }
                case ControlMessage.Button button -> steered.button(button);
                case ControlMessage.Wheel wheel -> steered.wheel(wheel);
                case ControlMessage.Key key -> steered.key(key);
                case ControlMessage.Text text -> steered.text(text);
                case ControlMessage.At time -> steered.at(time);
                case ControlMessage.Answer(String sdp) -> paths.onRemote(new PathMessage.Answer(sdp));
                case ControlMessage.Candidate(String candidate, String mid) ->
                    paths.onRemote(new PathMessage.Candidate(candidate, mid));
                case ControlMessage.Restart() -> paths.onRemote(new PathMessage.Restart());
                case ControlMessage.ReleaseAll() -> input.releaseAll();
                case ControlMessage.Holding() -> counters.count("control.holding");
                case ControlMessage.Ping(long id) -> send(new ControlMessage.Pong(id));
                case ControlMessage.Pong(long id) -> liveness.answered(id);
                case ControlMessage.Bye(String reason) -> {
                    String why = Words.plain(reason, ControlMessage.REASON_LIMIT);
                    end("The viewer has disconnected" + (why.isEmpty() ? "." : ": " + why), false);
                }
                case ControlMessage.Screen _,
                        ControlMessage.Ticket _,
                        ControlMessage.Offer _,
                        ControlMessage.Permission _,
                        ControlMessage.CursorShape _,
                        ControlMessage.CursorPosition _,
                        ControlMessage.HostStats _ -> counters.count("control.misdirected");
            }
        }
    }
}
