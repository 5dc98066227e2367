package dev.nearhand.transport.datachannel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The channels by handle and by stream, and which streams are free. Holds at most [#LIMIT].
final class ChannelTable {
    /// Channels at a time; a peer that opens more has them reset.
    static final int LIMIT = 4096;

    /// 65535 is not a stream.
    static final int MAX_STREAM_ID = 65_534;

    private final Map<Integer, Channel> byHandle = new LinkedHashMap<>();
    private final Map<Integer, Channel> byStream = new HashMap<>();
    private int nextHandle = 1;

    /// No stream below is free: of the even ones, and of the odd ones.
    private final int[] lowest = {0, 1};

    boolean isFull() {
        return byHandle.size() >= LIMIT;
    }

    Channel add(DataChannelConfig config, boolean remote) {
        Channel channel = new Channel(nextHandle++, config, remote);
        byHandle.put(channel.handle, channel);
        return channel;
    }

    void assign(Channel channel, int streamId) {
        channel.streamId = streamId;
        byStream.put(streamId, channel);
    }

    void remove(Channel channel) {
        byHandle.remove(channel.handle);
        if (byStream.remove(channel.streamId, channel)) {
            int parity = channel.streamId & 1;
            lowest[parity] = Math.min(lowest[parity], channel.streamId);
        }
    }

    @Nullable
    Channel byHandle(int handle) {
        return byHandle.get(handle);
    }

    @Nullable
    Channel byStream(int streamId) {
        return byStream.get(streamId);
    }

    List<Channel> all() {
        return new ArrayList<>(byHandle.values());
    }

    /// The lowest free stream of this side's parity (RFC 8832 section 6), or [Channel#NO_STREAM].
    int freeStream(boolean even) {
        int parity = even ? 0 : 1;
        while (byStream.containsKey(lowest[parity])) {
            lowest[parity] += 2;
        }
        return lowest[parity] <= MAX_STREAM_ID ? lowest[parity] : Channel.NO_STREAM;
    }
}
