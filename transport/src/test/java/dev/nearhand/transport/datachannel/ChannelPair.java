package dev.nearhand.transport.datachannel;

import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SctpConfig;
import dev.nearhand.transport.sctp.SendResult;
import dev.nearhand.transport.sctp.VirtualPair;
import dev.nearhand.transport.sim.LinkProfile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Two ends with data channels on a bad line; the left one is the DTLS client.
final class ChannelPair {
    final SctpAssociation leftAssociation;
    final DataChannels left;
    final DataChannels right;
    final VirtualPair<DataChannelEvent> net;

    /// Even seeds speak I-DATA, odd ones DATA.
    ChannelPair(long seed, LinkProfile line) {
        this(seed, line, SctpConfig.defaults().withInterleaving(seed % 2 == 0));
    }

    ChannelPair(long seed, LinkProfile line, SctpConfig config) {
        SplittableRandom random = new SplittableRandom(seed);
        leftAssociation = new SctpAssociation(config, VirtualPair.path(1, 2), random.split(), random.split());
        left = new DataChannels(leftAssociation);
        right = new DataChannels(new SctpAssociation(config, VirtualPair.path(2, 1), random.split(), random.split()));
        net = new VirtualPair<>(random.nextLong(), line, left, right);
    }

    ChannelPair started() {
        net.left.run(() -> left.start(net.now(), true));
        net.right.run(() -> right.start(net.now(), false));
        return this;
    }

    int open(DataChannelConfig config) {
        int[] handle = new int[1];
        net.left.run(() -> handle[0] = left.open(net.now(), config));
        return handle[0];
    }

    void awaitEstablished() {
        if (!net.runUntil(
                () -> !atLeft(DataChannelEvent.AssociationEstablished.class).isEmpty()
                        && !atRight(DataChannelEvent.AssociationEstablished.class)
                                .isEmpty(),
                60 * VirtualPair.SECOND)) {
            throw new AssertionError("no association");
        }
    }

    /// Runs until the right side knows a channel.
    void awaitOpen() {
        if (!net.runUntil(() -> !atRight(DataChannelEvent.Opened.class).isEmpty(), 60 * VirtualPair.SECOND)) {
            throw new AssertionError("no channel opened");
        }
    }

    SendResult sendText(int channel, String text) {
        SendResult[] result = new SendResult[1];
        net.left.run(() -> result[0] = left.sendText(net.now(), channel, text));
        return result[0];
    }

    void runFor(long millis) {
        net.runFor(millis * VirtualPair.MILLI);
    }

    <T extends DataChannelEvent> List<T> atLeft(Class<T> kind) {
        return net.left.events(kind);
    }

    <T extends DataChannelEvent> List<T> atRight(Class<T> kind) {
        return net.right.events(kind);
    }

    static List<String> texts(List<DataChannelEvent.Message> messages) {
        List<String> texts = new ArrayList<>();
        for (DataChannelEvent.Message message : messages) {
            ByteBuffer bytes = message.data().duplicate();
            texts.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }
        return texts;
    }
}
