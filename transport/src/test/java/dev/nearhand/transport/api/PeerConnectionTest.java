package dev.nearhand.transport.api;

import static dev.nearhand.transport.api.ConnectedPair.await;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two connections of this process over real sockets.
@Timeout(300)
class PeerConnectionTest {
    @Test
    void twoConnectionsConnectAndSayWhatTheyDo() {
        try (ConnectedPair pair = new ConnectedPair().connect()) {
            assertThat(pair.offererStates.getFirst()).startsWith("CONNECTING");
            assertThat(pair.offerer.state()).isEqualTo(ConnectionState.CONNECTED);
            ConnectionStats stats = pair.offerer.stats();
            assertThat(stats.state()).isEqualTo(ConnectionState.CONNECTED);
            assertThat(stats.connectTime()).isPositive();
            assertThat(stats.path()).contains("host");
            assertThat(stats.packetsSent()).isPositive();
            assertThat(stats.bytesReceived()).isPositive();
        }
    }

    @Test
    void eitherSideRestartsIceWhileMessagesGoOn() throws InterruptedException {
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("talk", DataChannelOptions.reliable());
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            ends.answerers().onMessage(message -> heard.add(message.text()));
            for (int round = 0; round < 4; round++) {
                ends.offerers().send("before " + round);
                PeerConnection restarting = round % 2 == 0 ? pair.offerer : pair.answerer;
                restarting.restartIce();
                ConnectedPair.negotiate(restarting, round % 2 == 0 ? pair.answerer : pair.offerer);
                ends.offerers().send("after " + round);
                assertThat(heard.poll(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isEqualTo("before " + round);
                assertThat(heard.poll(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isEqualTo("after " + round);
            }
            assertThat(pair.offererStates.stream().filter(state -> state.startsWith("CONNECTED")))
                    .hasSize(1);
        }
    }

    @Test
    void theAddressesOfTheInterfacesAreEnough() {
        try (ConnectedPair pair = new ConnectedPair(PeerConfig.defaults()).connect()) {
            assertThat(pair.answerer.state()).isEqualTo(ConnectionState.CONNECTED);
        }
    }

    @Test
    void iPv6AloneIsEnough() throws Exception {
        InetAddress loopback = InetAddress.getByName("::1");
        try (ConnectedPair pair = new ConnectedPair(PeerConfig.defaults().withBindAddresses(List.of(loopback)))) {
            pair.connect();
            assertThat(pair.offerer.stats().path()).contains("udp6");
        }
    }

    @Test
    void anAnswererThatIsFasterThanItsAnswerIsNotMadeToWait() {
        try (ConnectedPair pair = new ConnectedPair()) {
            SessionDescription offer = pair.offerer.createOffer();
            pair.offerer.setLocalDescription(offer);
            SessionDescription answer = await(pair.answerer.answerAsync(offer));
            // its checks, and with them its first handshake flight, arrive before the answer
            while (pair.offerer.stats().packetsReceived() < 2) {
                Thread.onSpinWait();
            }
            pair.offerer.setRemoteDescription(answer);
            pair.awaitConnected();
        }
    }

    @Test
    void aThousandMessagesArriveInOrder() {
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("chat", DataChannelOptions.reliable());
            assertThat(ends.answerers().label()).isEqualTo("chat");
            List<String> heard = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch all = new CountDownLatch(1000);
            ends.answerers().onMessage(message -> {
                heard.add(message.text());
                all.countDown();
            });
            for (int i = 0; i < 1000; i++) {
                ends.offerers().send("message " + i);
            }
            assertThat(all.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
            for (int i = 0; i < 1000; i++) {
                assertThat(heard.get(i)).isEqualTo("message " + i);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void theOtherSideIsToldHowAChannelDelivers() {
        try (ConnectedPair pair = new ConnectedPair()) {
            DataChannelOptions options = DataChannelOptions.unreliable()
                    .withProtocol("chat")
                    .withPriority(DataChannelOptions.PRIORITY_EXTRA_HIGH);
            assertThat(pair.open("fast", options).answerers().options()).isEqualTo(options);
        }
    }

    @Test
    void aMessageOf16MebibytesArrivesWhole() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("bulk", DataChannelOptions.reliable());
            byte[] sent = new byte[16 << 20];
            new Random(1).nextBytes(sent);
            CompletableFuture<DataChannelMessage> arrived = new CompletableFuture<>();
            ends.answerers().onMessage(arrived::complete);
            ends.offerers().send(ByteBuffer.wrap(sent));
            DataChannelMessage message = await(arrived);
            assertThat(message.isText()).isFalse();
            assertThat(sha256(message.bytes())).isEqualTo(sha256(sent));
        }
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    @Test
    void bufferedAmountLeadsASenderThroughMoreThanFitsTheBuffer() throws Exception {
        PeerConfig config = PeerConfig.defaults()
                .withLoopback(true)
                .withMaxBufferedBytes(2 << 20)
                .withMaxMessageBytes(1 << 20);
        int size = 64 << 10;
        int count = 400;
        try (ConnectedPair pair = new ConnectedPair(config)) {
            ConnectedPair.Ends ends = pair.open("bulk", DataChannelOptions.reliable());
            AtomicLong received = new AtomicLong();
            CountDownLatch all = new CountDownLatch(count);
            ends.answerers().onMessage(message -> {
                received.addAndGet(message.data().remaining());
                all.countDown();
            });
            DataChannel sender = ends.offerers();
            sender.bufferedAmountLowThreshold(256 << 10);
            AtomicInteger sent = new AtomicInteger();
            AtomicLong highest = new AtomicLong();
            Runnable fill = () -> {
                while (sender.bufferedAmount() < (1 << 20) && sent.getAndIncrement() < count) {
                    sender.send(ByteBuffer.allocate(size));
                    highest.accumulateAndGet(sender.bufferedAmount(), Math::max);
                }
            };
            sender.onBufferedAmountLow(fill);
            fill.run();
            assertThat(all.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
            assertThat(received.get()).isEqualTo((long) size * count);
            assertThat(highest.get()).isBetween(1L << 20, 2L << 20);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            sender.send(ByteBuffer.allocate(size));
                        }
                    })
                    .isInstanceOfSatisfying(TransportException.class, failure -> assertThat(failure.code())
                            .isEqualTo(TransportException.Code.SEND_BUFFER_FULL));
        }
    }

    /// Each is on its way before the callback that sent it has ended: nobody ever sees that something was buffered.
    @Test
    void bufferedAmountIsLowAgainAfterEachMessageThatTheCallbackSends() throws Exception {
        int count = 100;
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("drops", DataChannelOptions.reliable());
            CountDownLatch all = new CountDownLatch(count);
            ends.answerers().onMessage(message -> all.countDown());
            DataChannel sender = ends.offerers();
            AtomicInteger sent = new AtomicInteger(1);
            sender.onBufferedAmountLow(() -> {
                if (sent.getAndIncrement() < count) {
                    sender.send("drop");
                }
            });
            sender.send("drop");
            assertThat(all.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
        }
    }

    @Test
    void aMessageLargerThanTheOtherSideTakesIsRefusedAtOnce() {
        try (ConnectedPair pair =
                new ConnectedPair(PeerConfig.defaults().withLoopback(true).withMaxMessageBytes(100_000))) {
            ConnectedPair.Ends ends = pair.open("small", DataChannelOptions.reliable());
            assertThatThrownBy(() -> ends.offerers().send(ByteBuffer.allocate(100_001)))
                    .isInstanceOfSatisfying(TransportException.class, failure -> assertThat(failure.code())
                            .isEqualTo(TransportException.Code.MESSAGE_TOO_LARGE));
        }
    }

    @Test
    void anUnreliableChannelKeepsItsPromisesOnTheOtherSide() {
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends =
                    pair.open("pointer", DataChannelOptions.unreliable().withProtocol("moves"));
            assertThat(ends.answerers().options())
                    .isEqualTo(DataChannelOptions.unreliable().withProtocol("moves"));
            CompletableFuture<DataChannelMessage> heard = new CompletableFuture<>();
            ends.answerers().onMessage(heard::complete);
            ends.offerers().send(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            assertThat(await(heard).bytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aRedundantChannelDeliversOnceAndInOrderBothWays() throws Exception {
        int count = 500;
        try (ConnectedPair pair = new ConnectedPair()) {
            DataChannelOptions options = DataChannelOptions.reliable().withRedundant(true);
            ConnectedPair.Ends ends = pair.open("events", options);
            assertThat(ends.answerers().options())
                    .as("how one side sends is its own matter")
                    .isEqualTo(DataChannelOptions.reliable());
            ends.answerers().redundant(true);
            ends.answerers().onMessage(message -> ends.answerers().send(message.text()));
            List<String> echoed = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch all = new CountDownLatch(count);
            ends.offerers().onMessage(message -> {
                echoed.add(message.text());
                all.countDown();
            });
            for (int i = 0; i < count; i++) {
                ends.offerers().send("event " + i);
            }
            assertThat(all.await(ConnectedPair.PATIENCE_SECONDS, SECONDS)).isTrue();
            for (int i = 0; i < count; i++) {
                assertThat(echoed.get(i)).isEqualTo("event " + i);
            }
        }
    }

    @Test
    void channelsOfTheSameNumberOnBothSidesAreOne() {
        try (ConnectedPair pair = new ConnectedPair()) {
            DataChannelOptions options = DataChannelOptions.reliable().withNegotiatedId(7);
            DataChannel one = pair.offerer.createDataChannel("agreed", options);
            DataChannel two = pair.answerer.createDataChannel("agreed", options);
            CompletableFuture<String> heard = new CompletableFuture<>();
            two.onMessage(message -> heard.complete(message.text()));
            one.onOpen(() -> one.send("here"));
            pair.connect();
            assertThat(await(heard)).isEqualTo("here");
        }
    }

    @Test
    void whatArrivesBeforeAnyoneListensWaits() {
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("early", DataChannelOptions.reliable());
            CompletableFuture<String> marker = new CompletableFuture<>();
            ends.offerers().onMessage(message -> marker.complete(message.text()));
            ends.offerers().send("first");
            ends.offerers().send("second");
            ends.answerers().send("marker");
            await(marker);
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            CompletableFuture<Void> both = new CompletableFuture<>();
            ends.answerers().onMessage(message -> {
                heard.add(message.text());
                if (heard.size() == 2) {
                    both.complete(null);
                }
            });
            await(both);
            assertThat(heard).containsExactly("first", "second");
        }
    }

    @Test
    void aClosedChannelIsClosedOnBothSidesAndTheConnectionStays() {
        try (ConnectedPair pair = new ConnectedPair()) {
            ConnectedPair.Ends ends = pair.open("short", DataChannelOptions.reliable());
            CompletableFuture<Void> here = new CompletableFuture<>();
            CompletableFuture<Void> there = new CompletableFuture<>();
            CompletableFuture<String> last = new CompletableFuture<>();
            ends.offerers().onClose(() -> here.complete(null));
            ends.answerers().onClose(() -> there.complete(null));
            ends.answerers().onMessage(message -> last.complete(message.text()));
            ends.offerers().send("goodbye");
            ends.offerers().close();
            await(here);
            await(there);
            assertThat(await(last)).isEqualTo("goodbye");
            assertThat(pair.offerer.state()).isEqualTo(ConnectionState.CONNECTED);
            assertThatThrownBy(() -> ends.offerers().send("too late"))
                    .isInstanceOfSatisfying(TransportException.class, failure -> assertThat(failure.code())
                            .isEqualTo(TransportException.Code.CLOSED));
            assertThat(pair.open("next", DataChannelOptions.reliable())
                            .answerers()
                            .label())
                    .isEqualTo("next");
        }
    }

    @Test
    void closingIsSeenByTheOtherSideAtOnce() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            CompletableFuture<Void> trackEnded = new CompletableFuture<>();
            pair.answerer.onVideoTrack(track -> track.onEnded(() -> trackEnded.complete(null)));
            pair.offerer.addVideoTrack("screen", VideoCodec.VP8);
            ConnectedPair.Ends ends = pair.open("chat", DataChannelOptions.reliable());
            CompletableFuture<Void> channelClosed = new CompletableFuture<>();
            CompletableFuture<String> last = new CompletableFuture<>();
            ends.answerers().onMessage(message -> last.complete(message.text()));
            ends.answerers().onClose(() -> channelClosed.complete(null));
            ends.offerers().send("the last word");
            pair.offerer.close();
            // without a goodbye it would be FAILED in the end, never CLOSED
            assertThat(await(pair.answererClosed)).isNotEmpty();
            await(channelClosed);
            await(trackEnded);
            assertThat(await(last)).isEqualTo("the last word");
            assertThat(pair.answerer.state()).isEqualTo(ConnectionState.CLOSED);
            assertThat(pair.offerer.state()).isEqualTo(ConnectionState.CLOSED);
        }
    }

    @Test
    void aConnectionThatNeverBeganClosesToo() {
        PeerConnection connection = PeerConnection.create();
        CompletableFuture<String> closed = new CompletableFuture<>();
        connection.onStateChange((state, reason) -> closed.complete(state + ""));
        connection.close();
        connection.close();
        assertThat(await(closed)).isEqualTo("CLOSED");
        assertThatThrownBy(connection::createOffer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> connection.createDataChannel("late")).isInstanceOf(IllegalStateException.class);
        assertThat(connection.stats().state()).isEqualTo(ConnectionState.CLOSED);
    }

    @Test
    void framesOfATrackArriveAsTheyWereWritten() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            CompletableFuture<String> name = new CompletableFuture<>();
            pair.answerer.onVideoTrack(track -> {
                name.complete(track.name());
                track.onFrame(frames::add);
            });
            VideoTrack track = pair.offerer.addVideoTrack("screen", VideoCodec.VP8);
            pair.connect();
            assertThat(await(name)).isEqualTo("screen");
            assertThat(track.isSending()).isTrue();
            List<ByteBuffer> film = IvfFile.frames();
            for (ByteBuffer frame : film) {
                track.write(frame, Duration.ofMillis(33));
            }
            for (int i = 0; i < film.size(); i++) {
                EncodedVideoFrame frame = frames.poll(20, SECONDS);
                assertThat(frame).as("frame %d", i).isNotNull();
                assertThat(frame.data()).as("frame %d", i).isEqualTo(film.get(i));
                assertThat(frame.keyframe()).isEqualTo(i % 30 == 0);
            }
        }
    }

    @Test
    void aRequestForAKeyframeReachesTheEncoder() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            CompletableFuture<RemoteVideoTrack> remote = new CompletableFuture<>();
            CompletableFuture<Void> firstFrame = new CompletableFuture<>();
            pair.answerer.onVideoTrack(track -> {
                track.onFrame(frame -> firstFrame.complete(null));
                remote.complete(track);
            });
            VideoTrack track = pair.offerer.addVideoTrack("screen", VideoCodec.VP8);
            BlockingQueue<Boolean> requests = new LinkedBlockingQueue<>();
            track.onKeyframeRequest(() -> requests.add(true));
            pair.connect();
            assertThat(requests.poll(20, SECONDS)).as("when it begins to send").isTrue();
            track.write(IvfFile.frames().getFirst(), Duration.ofMillis(33));
            await(firstFrame);
            await(remote).requestKeyframe();
            assertThat(requests.poll(20, SECONDS)).as("when it is asked").isTrue();
        }
    }

    @Test
    void aViewerThatOffersToReceiveGetsTheTrackThatWaits() throws Exception {
        try (ConnectedPair pair = new ConnectedPair()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            pair.offerer.onVideoTrack(track -> track.onFrame(frames::add));
            pair.offerer.receiveVideo();
            VideoTrack track = pair.answerer.addVideoTrack("screen", VideoCodec.VP8);
            pair.connect();
            track.write(IvfFile.frames().getFirst(), Duration.ofMillis(33));
            assertThat(frames.poll(20, SECONDS)).isNotNull();
        }
    }

    @Test
    void aTrackThatIsAddedLaterComesWithASecondExchange() throws Exception {
        try (ConnectedPair pair = new ConnectedPair().connect()) {
            BlockingQueue<EncodedVideoFrame> frames = new LinkedBlockingQueue<>();
            pair.offerer.onVideoTrack(track -> track.onFrame(frames::add));
            VideoTrack track = pair.answerer.addVideoTrack("screen", VideoCodec.VP8);
            CompletableFuture<Void> sending = new CompletableFuture<>();
            track.onKeyframeRequest(() -> sending.complete(null));
            ConnectedPair.negotiate(pair.answerer, pair.offerer);
            await(sending);
            track.write(IvfFile.frames().getFirst(), Duration.ofMillis(33));
            assertThat(frames.poll(20, SECONDS)).isNotNull();
        }
    }

    @Test
    void aBadDescriptionIsTheOtherSidesFault() {
        try (PeerConnection connection = PeerConnection.create()) {
            assertThatThrownBy(() -> connection.setRemoteDescription(SessionDescription.offer("nonsense")))
                    .isInstanceOfSatisfying(TransportException.class, failure -> assertThat(failure.code())
                            .isEqualTo(TransportException.Code.BAD_DESCRIPTION));
            assertThatThrownBy(connection::createAnswer).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void twentyConnectionsAtOnceGetThrough() {
        List<ConnectedPair> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pairs.add(new ConnectedPair());
        }
        pairs.forEach(ConnectedPair::negotiate);
        pairs.forEach(ConnectedPair::awaitConnected);
        pairs.forEach(ConnectedPair::close);
    }
}
