package dev.nearhand.transport.peer;

import dev.nearhand.transport.turn.ServerUri;
import dev.nearhand.transport.wire.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The connections over TCP and TLS to the servers of one peer connection: one for each, from whatever address the
/// system chooses.
final class ServerStreams {
    /// Further connections to servers are not asked for.
    static final int LIMIT = 8;

    /// A relay that is reached over TCP is worse than one over UDP, and one over TLS worse still: by this much local
    /// preference.
    private static final int PREFERENCE_STEP = 16_384;

    /// A connection that is wanted, or that came of it.
    ///
    /// @param preference of candidates found along it
    /// @param path null while it is not open
    record Stream(
            Gathering.Endpoint endpoint,
            int preference,
            @Nullable Path path) {}

    private final Map<Integer, Stream> streams = new LinkedHashMap<>();
    private final Deque<PeerEvent.OpenStream> toOpen = new ArrayDeque<>();
    private int nextHandle;

    /// Wants a connection, unless there is one.
    ///
    /// @param preference of a candidate over UDP
    void ask(Gathering.Endpoint endpoint, int preference) {
        boolean isAsked =
                streams.values().stream().anyMatch(stream -> stream.endpoint().equals(endpoint));
        if (isAsked || streams.size() == LIMIT) {
            return;
        }
        boolean tls = endpoint.transport() == ServerUri.Transport.TLS;
        int step = tls ? 2 * PREFERENCE_STEP : PREFERENCE_STEP;
        int handle = nextHandle++;
        streams.put(handle, new Stream(endpoint, Math.max(0, preference - step), null));
        toOpen.add(new PeerEvent.OpenStream(
                handle,
                endpoint.address(),
                tls,
                endpoint.server().uri().host(),
                endpoint.server().byName()));
    }

    /// Moves the connections to open to `queue`.
    void pumpTo(Queue<PeerEvent> queue) {
        for (PeerEvent stream = toOpen.poll(); stream != null; stream = toOpen.poll()) {
            queue.add(stream);
        }
    }

    /// Null when it is not wanted, or open already.
    @Nullable
    Stream opened(int handle, Path path) {
        Stream wanted = streams.get(handle);
        if (wanted == null || wanted.path() != null) {
            return null;
        }
        Stream open = new Stream(wanted.endpoint(), wanted.preference(), path);
        streams.put(handle, open);
        return open;
    }

    /// The one that has ended or has not come about, null when there was none.
    @Nullable
    Stream closed(int handle) {
        return streams.remove(handle);
    }

    /// Whether every connection that is wanted is open.
    boolean areOpen() {
        return streams.values().stream().allMatch(stream -> stream.path() != null);
    }
}
