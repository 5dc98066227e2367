package dev.nearhand.transport.sctp;

import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Two associations on a bad line.
final class SctpPair {
    final SctpAssociation left;
    final SctpAssociation right;
    final VirtualPair<SctpEvent> net;

    /// Even seeds speak I-DATA, odd ones DATA.
    SctpPair(long seed, LinkProfile line) {
        this(seed, line, SctpConfig.defaults().withInterleaving(seed % 2 == 0));
    }

    SctpPair(long seed, LinkProfile line, SctpConfig config) {
        this(seed, line, config, config);
    }

    SctpPair(long seed, LinkProfile line, SctpConfig leftConfig, SctpConfig rightConfig) {
        SplittableRandom random = new SplittableRandom(seed);
        left = new SctpAssociation(leftConfig, VirtualPair.path(1, 2), random.split(), random.split());
        right = new SctpAssociation(rightConfig, VirtualPair.path(2, 1), random.split(), random.split());
        net = new VirtualPair<>(random.nextLong(), line, left, right);
    }

    /// Both connect at the same time, as WebRTC peers do.
    SctpPair connected() {
        net.left.run(() -> left.connect(net.now()));
        net.right.run(() -> right.connect(net.now()));
        boolean both = net.runUntil(
                () -> left.state() == SctpState.ESTABLISHED && right.state() == SctpState.ESTABLISHED,
                120 * VirtualPair.SECOND);
        if (!both) {
            throw new AssertionError("not connected: " + left.state() + ", " + right.state());
        }
        return this;
    }

    SendResult send(int stream, boolean unordered, Reliability reliability, byte[] message) {
        SendResult[] result = new SendResult[1];
        net.left.run(
                () -> result[0] = left.send(net.now(), stream, unordered, reliability, 53, ByteBuffer.wrap(message)));
        return result[0];
    }

    SendResult send(int stream, byte[] message) {
        return send(stream, false, Reliability.RELIABLE, message);
    }

    List<byte[]> received() {
        List<byte[]> messages = new ArrayList<>();
        for (SctpEvent.MessageReceived event : net.right.events(SctpEvent.MessageReceived.class)) {
            byte[] bytes = new byte[event.message().remaining()];
            event.message().get(event.message().position(), bytes);
            messages.add(bytes);
        }
        return messages;
    }

    long receivedCount() {
        return right.stats().messagesReceived();
    }

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
