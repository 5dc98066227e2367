package dev.nearhand.transport.rtp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a session receives, by handle: each of one stream, or of several that show the same picture.
final class ReceivedTracks {
    private record Track(
            List<RtpReceiver> streams, @Nullable Simulcast simulcast) {}

    private final Map<Integer, Track> tracks = new LinkedHashMap<>();
    private final Map<RtpReceiver, Integer> handles = new LinkedHashMap<>(); // the same, the other way round

    /// @return its streams
    List<RtpReceiver> add(int handle, RtpReceiverConfig config, RoundTripTime rtt) {
        Simulcast simulcast = config.layers().isEmpty() ? null : new Simulcast(config, rtt);
        List<RtpReceiver> streams = simulcast == null ? List.of(new RtpReceiver(config, rtt)) : simulcast.receivers();
        tracks.put(handle, new Track(streams, simulcast));
        streams.forEach(stream -> handles.put(stream, handle));
        return streams;
    }

    /// @return the streams that it had
    List<RtpReceiver> remove(int handle) {
        Track gone = tracks.remove(handle);
        List<RtpReceiver> streams = gone == null ? List.of() : gone.streams();
        streams.forEach(handles::remove);
        return streams;
    }

    Set<Integer> handles() {
        return tracks.keySet();
    }

    /// The streams of all, in the order in which they were added.
    Collection<RtpReceiver> receivers() {
        return handles.keySet();
    }

    List<RtpReceiver> of(int handle) {
        Track track = tracks.get(handle);
        return track == null ? List.of() : track.streams();
    }

    /// Null when it has one stream only, or is not there.
    @Nullable
    Simulcast simulcast(int handle) {
        Track track = tracks.get(handle);
        return track == null ? null : track.simulcast();
    }

    /// The stream whose frames are handed on.
    @Nullable
    RtpReceiver current(int handle) {
        Simulcast simulcast = simulcast(handle);
        if (simulcast != null) {
            return simulcast.current();
        }
        List<RtpReceiver> streams = of(handle);
        return streams.isEmpty() ? null : streams.getFirst();
    }

    /// Whose stream it is.
    int handle(RtpReceiver stream) {
        Integer handle = handles.get(stream);
        if (handle == null) {
            throw new IllegalStateException("routed to a receiver that is not there");
        }
        return handle;
    }

    /// Takes a packet of that stream.
    ///
    /// @return the frames to hand on, in order
    List<JitterBuffer.Frame> handle(long nowNanos, RtpReceiver stream, RtpPacket packet) {
        List<JitterBuffer.Frame> frames = stream.handle(nowNanos, packet);
        Simulcast simulcast = simulcast(handle(stream));
        return simulcast == null
                ? frames
                : simulcast.handle(nowNanos, stream, packet.payload().remaining(), new ArrayList<>(frames));
    }

    /// How often tracks of several streams changed over from one to another.
    long layerSwitches() {
        return tracks.values().stream()
                .mapToLong(track ->
                        track.simulcast() == null ? 0 : track.simulcast().switches())
                .sum();
    }
}
