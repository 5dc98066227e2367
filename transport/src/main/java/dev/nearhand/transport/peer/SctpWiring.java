package dev.nearhand.transport.peer;

import dev.nearhand.transport.datachannel.DataChannelEvent;
import dev.nearhand.transport.datachannel.DataChannels;
import dev.nearhand.transport.sctp.SctpAssociation;
import dev.nearhand.transport.sctp.SctpConfig;
import dev.nearhand.transport.sctp.SctpStats;
import dev.nearhand.transport.wire.Path;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Data channels over SCTP over DTLS (RFC 8261) inside a [PeerCore].
final class SctpWiring {
    /// SCTP runs inside DTLS and has no addresses of its own.
    private static final Path INSIDE_DTLS = inside();

    private final SctpConfig config;
    private final SctpAssociation association;
    private final DataChannels channels;
    private final ByteBuffer packet;
    private boolean started;
    private boolean over;

    SctpWiring(PeerCoreConfig limits, RandomGenerator random, RandomGenerator secrets) {
        SctpConfig defaults = SctpConfig.defaults();
        this.config = new SctpConfig(
                defaults.localPort(),
                defaults.remotePort(),
                defaults.maxPacketBytes(),
                defaults.largestPacketBytes(),
                limits.maxReceiveMessageBytes(),
                limits.sendBufferBytes(),
                defaults.receiveWindowBytes(),
                limits.sendBufferBytes(),
                defaults.maxStreams(),
                defaults.interleaving(),
                defaults.zeroChecksum(),
                defaults.congestion());
        this.association = new SctpAssociation(config, INSIDE_DTLS, random, secrets);
        this.channels = new DataChannels(association);
        this.packet = ByteBuffer.allocate(config.largestPacketBytes());
    }

    private static Path inside() {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Path(nowhere, nowhere);
    }

    int localPort() {
        return config.localPort();
    }

    int maxReceiveMessageBytes() {
        return config.maxReceiveMessageBytes();
    }

    DataChannels channels() {
        return channels;
    }

    boolean isStarted() {
        return started;
    }

    boolean isOver() {
        return over;
    }

    /// The INIT chunk for our descriptions; always the same.
    ByteBuffer localInit() {
        return association.localInit();
    }

    /// @param remote the other side's section of data channels
    void start(long nowNanos, RemoteSection remote, boolean dtlsClient) {
        started = true;
        association.setRemote(remote.sctpPort(), remote.maxMessageBytes());
        ByteBuffer remoteInit = remote.sctpInit();
        // libdatachannel repeats attributes that it does not know: our own chunk in an answer means nothing
        boolean ahead = remoteInit.hasRemaining() && !remoteInit.equals(association.localInit());
        channels.start(nowNanos, dtlsClient, ahead ? remoteInit : null);
    }

    /// Packets go another way from now on.
    void onPathChanged(long nowNanos) {
        association.onPathChanged(nowNanos);
    }

    void handlePacket(long nowNanos, ByteBuffer sctp) {
        channels.handleDatagram(nowNanos, sctp, INSIDE_DTLS);
    }

    /// The next packet to put into a DTLS record, or null; valid until the next call.
    @Nullable
    ByteBuffer pollPacket(long nowNanos) {
        packet.clear();
        var transmit = channels.pollTransmit(nowNanos, packet);
        return transmit == null ? null : packet.slice(0, transmit.lengthBytes());
    }

    @Nullable
    DataChannelEvent pollEvent() {
        DataChannelEvent event = channels.pollEvent();
        if (event instanceof DataChannelEvent.AssociationClosed) {
            over = true;
        }
        return event;
    }

    void count(PeerStats.Counters counters) {
        SctpStats stats = association.stats();
        counters.put("sctp.packetsSent", stats.packetsSent());
        counters.put("sctp.packetsReceived", stats.packetsReceived());
        counters.put("sctp.messagesSent", stats.messagesSent());
        counters.put("sctp.messagesReceived", stats.messagesReceived());
        counters.put("sctp.retransmittedChunks", stats.retransmittedChunks());
        counters.put("sctp.timeouts", stats.timeouts());
        counters.put("sctp.abandonedMessages", stats.abandonedMessages());
        counters.put("sctp.packetBytes", stats.packetBytes());
        stats.drops().forEach((reason, count) -> counters.put("dropped.sctp." + reason, count));
    }
}
