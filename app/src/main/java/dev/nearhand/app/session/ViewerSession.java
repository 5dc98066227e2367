package dev.nearhand.app.session;

import dev.nearhand.app.json.Decoded;
import dev.nearhand.app.session.protocol.ControlMessage;
import dev.nearhand.app.session.protocol.ControlProtocol;
import dev.nearhand.capture.codec.VideoCodec;
import dev.nearhand.capture.codec.VideoDecoder;
import dev.nearhand.capture.pipeline.StageTimings;
import dev.nearhand.capture.screen.CursorPosition;
import dev.nearhand.capture.screen.CursorShape;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The viewer's side of one connection: decodes what comes and shows the newest picture, and sends what the person
/// does.
///
/// Every method may be called from any thread. Survives the loss of its path: it waits, and the [PathListener] sees to
/// another one. Ends once, by either side or after five minutes without the other, with a reason.
public final class ViewerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ViewerSession.class);
    /// What fits into the title of a window.
    private static final int HOST_NAME_LIMIT = 80;

    private static final long ENDED_WAIT_MILLIS = 6_000;
    private static final String WHAT_TO_TRY =
            "check that both machines are in the same network and that no firewall blocks UDP between them.";

    private final String name;
    private final PeerLink link;
    private final ViewerListener listener;
    private final PathListener paths;
    private final Counters counters = new Counters();
    private final StageTimings timings = new StageTimings();
    private final Liveness liveness = new Liveness();
    private final long startNanos = System.nanoTime();
    private final ScheduledExecutorService clock = SessionThreads.clock("viewer-clock");
    private final RateMeter tilePictures = new RateMeter();
    private final RateMeter tileBytes = new RateMeter();
    private final CompositePicture picture;
    private final PictureThread pictures;
    private final InputSender input;
    private final SessionEnd end;

    private volatile ViewerState state = ViewerState.CONNECTING;
    private volatile ControlMessage.HostStats hostStats = new ControlMessage.HostStats(0, 0, 0);
    private long cursorSequence = -1;
    private long cursorSerial;
    private volatile boolean connected;
    private volatile boolean keyframeOwed;

    /// Listens to `link` from now on.
    ///
    /// @param name of this program or machine, for the host
    /// @param decoders called by the decode thread; may throw `CodecException`
    public ViewerSession(
            String name,
            Function<VideoCodec, VideoDecoder> decoders,
            PeerLink link,
            ViewerListener listener,
            PathListener paths) {
        this.name = name;
        this.link = link;
        this.listener = listener;
        this.paths = paths;
        this.picture = new CompositePicture(link, listener, timings, counters, tilePictures, tileBytes);
        this.pictures = new PictureThread(
                VideoCodec.VP8,
                decoders,
                true,
                picture::video,
                link::requestKeyframe,
                this::goLive,
                this::decoderFailed,
                timings,
                counters);
        this.input = new InputSender(this::send, this::sendFast, clock);
        this.end = new SessionEnd(clock, link, this::send);
        link.listen(new LinkEvents());
        pictures.start(); // the decoder is ready when the first frame comes
        clock.schedule(this::giveUpConnecting, Liveness.CONNECT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void giveUpConnecting() {
        if (!connected) {
            ended("No direct connection could be made in time; " + WHAT_TO_TRY);
        }
    }

    public ViewerState state() {
        return state;
    }

    /// Where the person's input goes.
    public InputSender input() {
        return input;
    }

    public SessionStats stats() {
        long now = System.nanoTime();
        LinkStats received = link.stats();
        var counts = counters.snapshot();
        received.counters().forEach((counter, count) -> counts.put("link." + counter, count));
        var stages = Stages.millis(timings);
        ControlMessage.HostStats host = hostStats;
        if (host.framesPerSecond() > 0) {
            stages.put("wait", host.waitMillis());
            stages.put("encode", host.encodeMillis());
        }
        return new SessionStats(
                Duration.ofNanos(now - startNanos),
                pictures.width(),
                pictures.height(),
                pictures.framesPerSecond(now) + tilePictures.perSecond(now),
                (pictures.bytesPerSecond(now) + tileBytes.perSecond(now)) * 8 / 1000.0,
                received.roundTrip().isZero() ? liveness.roundTrip() : received.roundTrip(),
                received.path(),
                stages,
                counts);
    }

    /// Says something about the path through the connection itself.
    ///
    /// @return false when that cannot be
    public boolean sendPath(PathMessage message) {
        return send(PathProtocol.toControl(message));
    }

    /// Asks the host for a sign of life through the connection; whether one has come says [#heardNanos].
    public void probe() {
        send(new ControlMessage.Ping(liveness.nextPing()));
    }

    /// [System#nanoTime] when anything has come through the connection last.
    public long heardNanos() {
        return liveness.heardNanos();
    }

    /// The host is not to be had any more.
    public void lost(String reason) {
        ended(reason);
    }

    /// Tells the host and ends; returns at once.
    ///
    /// @param reason a sentence for both persons
    public void stop(String reason) {
        end(reason, reason, true);
    }

    /// Tells the host, ends, and waits until everything is released.
    @Override
    public void close() {
        end("You have disconnected.", "", true);
        end.await(ENDED_WAIT_MILLIS);
    }

    /// The host is gone, or knows it already.
    private void ended(String reason) {
        end(reason, "", false);
    }

    private void end(String reason, String goodbye, boolean tell) {
        if (tell) {
            input.releaseAll();
        }
        if (!end.begin(goodbye, tell)) {
            return;
        }
        LOG.info("the viewer session ends: {}", reason);
        SessionThreads.start("viewer-end", () -> {
            pictures.stop();
            picture.stop();
            synchronized (this) {
                state = ViewerState.ENDED;
            }
            end.finish(() -> listener.onState(ViewerState.ENDED, reason));
        });
    }

    private boolean send(ControlMessage message) {
        return link.sendControl(ControlProtocol.encode(message));
    }

    private boolean sendFast(ControlMessage message) {
        return link.sendPointer(ControlProtocol.encode(message));
    }

    private void goLive() {
        changeState(ViewerState.CONNECTING, ViewerState.LIVE, "Connected, directly and encrypted.", () -> {});
    }

    private void decoderFailed(String reason) {
        end(reason, "the picture cannot be decoded there.", true);
    }

    /// @param first done before the listener is told: what the person does then finds the input as it is from now on
    /// @return whether it was in `from`
    private synchronized boolean changeState(ViewerState from, ViewerState to, String sentence, Runnable first) {
        if (state != from || end.begun()) {
            return false;
        }
        state = to;
        first.run();
        listener.onState(to, sentence);
        return true;
    }

    private void interrupted(String sentence) {
        if (changeState(ViewerState.LIVE, ViewerState.SILENT, sentence, () -> input.interrupted(true))) {
            paths.onLink(PeerLink.State.DISCONNECTED);
        }
    }

    /// Something has come from the host.
    private void back() {
        if (state == ViewerState.SILENT
                && changeState(
                        ViewerState.SILENT, ViewerState.LIVE, "Connected again.", () -> input.interrupted(false))) {
            keyframeOwed = true;
            link.requestKeyframe();
        }
    }

    private void ping() {
        if (liveness.pingIsDue() && state != ViewerState.SILENT) {
            send(new ControlMessage.Ping(liveness.nextPing()));
        }
        long silent = liveness.silentMillis();
        if (silent > Liveness.GONE_MILLIS) {
            ended("The other machine could not be reached again for " + silent / 60_000
                    + " minutes; check that both are on and connected, then connect again.");
        } else if (silent > Liveness.SILENT_MILLIS) {
            interrupted("Nothing comes from the other machine; reconnecting …");
        } else if (keyframeOwed) {
            link.requestKeyframe(); // the last request, or its frame, was lost
        }
    }

    /// What comes from the host, on the connection's thread.
    private final class LinkEvents implements PeerLink.Events {
        @Override
        public void onState(PeerLink.State now, String reason) {
            switch (now) {
                case CONNECTING -> connecting("Making the direct connection …");
                case CONNECTED -> {
                    keyframeOwed = true; // whatever was on its way is lost
                    if (connected) {
                        probe(); // the answer says that it works both ways
                        link.requestKeyframe();
                    } else {
                        connected = true;
                        connecting("Connected; waiting for the first picture …");
                        liveness.heard();
                        clock.scheduleAtFixedRate(
                                ViewerSession.this::ping, 0, Liveness.PING_MILLIS, TimeUnit.MILLISECONDS);
                    }
                }
                case DISCONNECTED -> interrupted("The connection is interrupted; reconnecting …");
                case FAILED -> {
                    if (connected) {
                        interrupted("The connection is interrupted; reconnecting …");
                    } else {
                        ended("No direct connection could be made (" + reason + "); " + WHAT_TO_TRY);
                    }
                }
                case CLOSED -> ended("The host has ended the session.");
            }
            paths.onLink(now);
        }

        private void connecting(String stage) {
            if (state == ViewerState.CONNECTING && !end.begun()) {
                listener.onState(ViewerState.CONNECTING, stage);
            }
        }

        @Override
        public void onControlOpen() {
            send(new ControlMessage.Hello(
                    ControlProtocol.VERSION,
                    Words.bounded(name, ControlMessage.Hello.NAME_LIMIT),
                    List.of(ControlProtocol.TILES_CAPABILITY, ControlProtocol.MOVES_CAPABILITY)));
            input.stamp();
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
            liveness.heard();
            if (keyframe) {
                keyframeOwed = false;
            }
            back();
            pictures.offer(VideoCodec.VP8, frame, keyframe);
        }

        @Override
        public void onTilesOpen() {
            picture.opened();
        }

        @Override
        public void onTiles(ByteBuffer message) {
            liveness.heard();
            back();
            picture.offer(message);
        }

        @Override
        public void onTilesClosed() {
            picture.closed();
        }

        @Override
        public void onKeyframeRequest() {
            counters.count("control.misdirected");
        }

        @Override
        public void onCandidate(PathMessage.Candidate candidate) {
            paths.onLocal(candidate);
        }

        private void receive(ByteBuffer bytes) {
            Decoded<ControlMessage> decoded = ControlProtocol.decodeAtViewer(bytes);
            if (!(decoded instanceof Decoded.Message<ControlMessage>(ControlMessage.Pong _))) {
                liveness.heard();
            }
            switch (decoded) {
                case Decoded.Message<ControlMessage>(ControlMessage message) -> receive(message);
                case Decoded.Unknown<ControlMessage> _ -> counters.count("control.unknown");
                case Decoded.Malformed<ControlMessage> _ -> counters.count("control.malformed");
            }
            back();
        }

        private void receive(ControlMessage message) {
            switch (message) {
                case ControlMessage.Hello hello -> {
                    LOG.info("the host speaks version {}", hello.version());
                    String hostName = Words.plain(hello.name(), HOST_NAME_LIMIT);
                    if (!hostName.isEmpty()) {
                        listener.onHostName(hostName);
                    }
                }
                case ControlMessage.Screen screen -> listener.onScreen(screen.width(), screen.height());
                case ControlMessage.Permission permission -> {
                    input.allow(permission.control());
                    listener.onControl(permission.control());
                }
                case ControlMessage.CursorShape shape ->
                    listener.onCursorShape(new CursorShape(
                            ++cursorSerial,
                            shape.width(),
                            shape.height(),
                            shape.hotspotX(),
                            shape.hotspotY(),
                            shape.pixels()));
                case ControlMessage.CursorPosition place -> {
                    if (place.seq() > cursorSequence) {
                        cursorSequence = place.seq();
                        listener.onCursorPosition(new CursorPosition(place.x(), place.y(), place.visible()));
                    }
                }
                case ControlMessage.HostStats stats -> hostStats = stats;
                case ControlMessage.Ticket(String ticket) -> paths.onTicket(ticket);
                case ControlMessage.Offer(String sdp) -> paths.onRemote(new PathMessage.Offer(sdp));
                case ControlMessage.Candidate(String candidate, String mid) ->
                    paths.onRemote(new PathMessage.Candidate(candidate, mid));
                case ControlMessage.Ping(long id) -> send(new ControlMessage.Pong(id));
                case ControlMessage.Pong(long id) -> liveness.answered(id);
                case ControlMessage.Bye(String reason) -> ended(Words.plain(reason, ControlMessage.REASON_LIMIT));
                case ControlMessage.Pointer _,
                        ControlMessage.Button _,
                        ControlMessage.Wheel _,
                        ControlMessage.Key _,
                        ControlMessage.Text _,
                        ControlMessage.ReleaseAll _,
                        ControlMessage.At _,
                        ControlMessage.Answer _,
                        ControlMessage.Restart _,
                        ControlMessage.Holding _ -> counters.count("control.misdirected");
            }
        }
    }
}
