package dev.nearhand.transport.sctp;

import java.util.random.RandomGenerator;

/// The limits of one association. All of them hold for good, except the peer's port and message size, which SDP tells
/// later (`SctpAssociation.setRemote`).
///
/// @param localPort SCTP port of this side; `a=sctp-port` of the local description
/// @param remotePort SCTP port of the peer
/// @param maxPacketBytes an SCTP packet that, with DTLS's record around it, fits every path; in 512..1500
/// @param largestPacketBytes the largest SCTP packet that is tried on a path, from maxPacketBytes to 9000 (RFC 8899);
///     the same as maxPacketBytes to try none
/// @param maxReceiveMessageBytes largest message that is put together; a peer that sends more is cut off
/// @param maxSendMessageBytes largest message that is accepted for sending
/// @param receiveWindowBytes how much may wait here out of order (`a_rwnd`); at least 64 KiB
/// @param sendBufferBytes how much may wait for its first transmission, at least maxSendMessageBytes
/// @param maxStreams streams offered in each direction, in 1..65535
/// @param interleaving whether I-DATA is spoken with a peer that offers it too (RFC 8260)
/// @param zeroChecksum whether packets without a checksum are taken, and sent to a peer that takes them (RFC 9653):
///     DTLS below finds errors
/// @param congestion how much is sent at a time
public record SctpConfig(
        int localPort,
        int remotePort,
        int maxPacketBytes,
        int largestPacketBytes,
        int maxReceiveMessageBytes,
        int maxSendMessageBytes,
        int receiveWindowBytes,
        int sendBufferBytes,
        int maxStreams,
        boolean interleaving,
        boolean zeroChecksum,
        Congestion congestion) {
    /// How much is sent at a time.
    public enum Congestion {
        /// CUBIC (RFC 9438): waits in the queues of others and gives way to every loss.
        CUBIC,
        /// BBR version 3 (draft-ietf-ccwg-bbr): follows what the path was seen to deliver.
        BBR;

        CongestionControl create(int packetBytes, RandomGenerator random) {
            return switch (this) {
                case CUBIC -> new CubicCongestion(packetBytes);
                case BBR -> new BbrCongestion(packetBytes, random);
            };
        }
    }

    /// 1,200 bytes of UDP payload less what a DTLS 1.2 record with AES-GCM adds (37), down to a multiple of four.
    public static final int DEFAULT_MAX_PACKET_BYTES = 1160;

    /// 1,500 bytes of a packet on the wire less IPv4 (20), UDP (8) and the record, down to a multiple of four.
    public static final int DEFAULT_LARGEST_PACKET_BYTES = 1432;

    public static final int DEFAULT_PORT = 5000;

    private static final int MIB = 1024 * 1024;

    public SctpConfig {
        require(localPort > 0 && localPort <= 0xFFFF, "local port", localPort);
        require(remotePort > 0 && remotePort <= 0xFFFF, "remote port", remotePort);
        require(maxPacketBytes >= 512 && maxPacketBytes <= 1500, "packet size", maxPacketBytes);
        require(
                largestPacketBytes >= maxPacketBytes && largestPacketBytes <= 9000,
                "largest packet size",
                largestPacketBytes);
        require(maxReceiveMessageBytes > 0, "largest message to receive", maxReceiveMessageBytes);
        require(maxSendMessageBytes > 0, "largest message to send", maxSendMessageBytes);
        require(receiveWindowBytes >= 64 * 1024, "receive window", receiveWindowBytes);
        require(sendBufferBytes >= maxSendMessageBytes, "send buffer", sendBufferBytes);
        require(maxStreams > 0 && maxStreams <= 0xFFFF, "number of streams", maxStreams);
    }

    /// What WebRTC wants: port 5000, messages up to 64 MiB each way, a window of 4 MiB, a send buffer of 64 MiB.
    public static SctpConfig defaults() {
        return new SctpConfig(
                DEFAULT_PORT,
                DEFAULT_PORT,
                DEFAULT_MAX_PACKET_BYTES,
                DEFAULT_LARGEST_PACKET_BYTES,
                64 * MIB,
                64 * MIB,
                4 * MIB,
                64 * MIB,
                0xFFFF,
                true,
                true,
                Congestion.BBR);
    }

    /// The same with other limits of memory.
    public SctpConfig withBuffers(int receiveWindow, int sendBuffer, int maxMessage) {
        return new SctpConfig(
                localPort,
                remotePort,
                maxPacketBytes,
                largestPacketBytes,
                maxMessage,
                maxMessage,
                receiveWindow,
                sendBuffer,
                maxStreams,
                interleaving,
                zeroChecksum,
                congestion);
    }

    /// The same with other sizes of packets.
    public SctpConfig withPacketBytes(int certain, int largest) {
        return new SctpConfig(
                localPort,
                remotePort,
                certain,
                largest,
                maxReceiveMessageBytes,
                maxSendMessageBytes,
                receiveWindowBytes,
                sendBufferBytes,
                maxStreams,
                interleaving,
                zeroChecksum,
                congestion);
    }

    /// The same with or without I-DATA.
    public SctpConfig withInterleaving(boolean wanted) {
        return new SctpConfig(
                localPort,
                remotePort,
                maxPacketBytes,
                largestPacketBytes,
                maxReceiveMessageBytes,
                maxSendMessageBytes,
                receiveWindowBytes,
                sendBufferBytes,
                maxStreams,
                wanted,
                zeroChecksum,
                congestion);
    }

    /// The same with or without checksums left out.
    public SctpConfig withZeroChecksum(boolean wanted) {
        return new SctpConfig(
                localPort,
                remotePort,
                maxPacketBytes,
                largestPacketBytes,
                maxReceiveMessageBytes,
                maxSendMessageBytes,
                receiveWindowBytes,
                sendBufferBytes,
                maxStreams,
                interleaving,
                wanted,
                congestion);
    }

    /// The same with another congestion control.
    public SctpConfig withCongestion(Congestion other) {
        return new SctpConfig(
                localPort,
                remotePort,
                maxPacketBytes,
                largestPacketBytes,
                maxReceiveMessageBytes,
                maxSendMessageBytes,
                receiveWindowBytes,
                sendBufferBytes,
                maxStreams,
                interleaving,
                zeroChecksum,
                other);
    }

    private static void require(boolean holds, String what, int value) {
        if (!holds) {
            throw new IllegalArgumentException("not a usable " + what + ": " + value);
        }
    }
}
