package dev.nearhand.transport.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A WebRTC connection to one other program: the entry to everything here.
///
/// Methods may be called from any thread. Callbacks run on the connection's loop, one at a time, and must not block it;
/// inside a callback the methods of this class answer at once.
public final class PeerConnection implements AutoCloseable {
    /// Told of every change of state, with its reason as a person would say it.
    @FunctionalInterface
    public interface StateListener {
        void onStateChange(ConnectionState state, String reason);
    }

    private PeerConnection() {}

    public static PeerConnection create() {
        return create(PeerConfig.defaults());
    }

    /// @throws TransportException when no socket can be opened
    public static PeerConnection create(PeerConfig config) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Does the slow first steps (keys, certificate, handshake code) ahead of the first connection, in the background.
    public static void warmUp() {
        throw new UnsupportedOperationException("not built yet");
    }

    public DataChannel createDataChannel(String label) {
        return createDataChannel(label, DataChannelOptions.reliable());
    }

    /// Before the first offer or after it; messages can be sent once the channel is open.
    public DataChannel createDataChannel(String label, DataChannelOptions options) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Channels that the other side opens; set it before the descriptions are exchanged.
    public void onDataChannel(Consumer<DataChannel> callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Adds video to send; takes effect with the next offer, or with the answer to an offer that wants to receive.
    public VideoTrack addVideoTrack(String name, VideoCodec codec) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Asks the other side, in the next offer, for one video track more; an answer takes every track that is offered.
    public void receiveVideo() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Tracks that the other side sends; set it before the descriptions are exchanged.
    public void onVideoTrack(Consumer<RemoteVideoTrack> callback) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Writes an offer with all candidates in it. Changes nothing until it is set as the local description.
    public SessionDescription createOffer() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Writes the answer to the offer that was set as the remote description, with all candidates in it.
    public SessionDescription createAnswer() {
        throw new UnsupportedOperationException("not built yet");
    }

    public void setLocalDescription(SessionDescription description) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// @throws TransportException `BAD_DESCRIPTION` when it cannot be read or cannot be met
    public void setRemoteDescription(SessionDescription description) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// A candidate that came after the description, as its attribute is written (`candidate:…`); one that cannot be
    /// read is ignored, an empty one says that no more come.
    public void addRemoteCandidate(String candidate) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// [#createOffer] and [#setLocalDescription] in one, without waiting.
    public CompletableFuture<SessionDescription> offerAsync() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// [#setRemoteDescription], [#createAnswer] and [#setLocalDescription] in one, without waiting.
    public CompletableFuture<SessionDescription> answerAsync(SessionDescription offer) {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Replaces the listener; when the state is no longer `NEW`, it is told the present one.
    public void onStateChange(StateListener listener) {
        throw new UnsupportedOperationException("not built yet");
    }

    public ConnectionState state() {
        throw new UnsupportedOperationException("not built yet");
    }

    public ConnectionStats stats() {
        throw new UnsupportedOperationException("not built yet");
    }

    /// Says goodbye to the other side and releases the sockets; returns at once. Closing twice does no harm.
    @Override
    public void close() {
        throw new UnsupportedOperationException("not built yet");
    }
}
