package dev.nearhand.transport.network;

import dev.nearhand.testing.interop.Coturn;
import dev.nearhand.testing.net.Nat;
import dev.nearhand.testing.net.NetworkLab;
import dev.nearhand.transport.api.IceServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Two programs of ours, each behind its NAT, and coturn in the internet between them. The left one offers.
final class LabPair implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int TLS_PORT = 443;

    private final Coturn server;
    final NetworkLab lab;
    private List<PeerProcess> peers = List.of();

    /// @param folder for the logs; is made
    /// @param serverOptions more options of coturn
    LabPair(Path folder, Nat left, Nat right, String... serverOptions) {
        lab = new NetworkLab(left, right);
        try {
            server = Coturn.start(
                    Files.createDirectory(folder),
                    lab.internet(),
                    NetworkLab.SERVERS.getFirst(),
                    TLS_PORT,
                    serverOptions);
        } catch (IOException failure) {
            lab.close();
            throw new UncheckedIOException(failure);
        } catch (RuntimeException | AssertionError failure) {
            lab.close();
            throw failure;
        }
    }

    /// STUN and TURN, over UDP.
    List<IceServer> servers() {
        return List.of(IceServer.stun(server.stunUrl()), server.turn("udp"));
    }

    IceServer turnOverTcp() {
        return server.turn("tcp");
    }

    IceServer turnOverTls() {
        return server.turns(TLS_PORT);
    }

    void start() {
        start(servers(), servers());
    }

    /// @param javaOptions of both
    void start(List<IceServer> leftServers, List<IceServer> rightServers, String... javaOptions) {
        PeerProcess left = new PeerProcess(lab.hostA(), leftServers, javaOptions);
        peers = List.of(left);
        peers = List.of(left, new PeerProcess(lab.hostB(), rightServers, javaOptions));
        left.meet(right());
        left.await("ready", PATIENCE);
        right().await("ready", PATIENCE);
    }

    PeerProcess left() {
        return peers.getFirst();
    }

    PeerProcess right() {
        return peers.getLast();
    }

    /// @return from the wish for an offer to the open data channel of the offerer, in milliseconds
    long connect() {
        left().say("start");
        String millis = left().await("open (\\d+)", PATIENCE).group(1);
        right().await("open", PATIENCE);
        return Long.parseLong(millis);
    }

    /// Messages of many sizes go both ways and come back.
    void check() {
        for (PeerProcess peer : peers) {
            peer.say("check");
        }
        for (PeerProcess peer : peers) {
            peer.await("checked", PATIENCE);
        }
    }

    /// The kinds of the selected candidates as `peer` sees them.
    static String path(PeerProcess peer) {
        peer.say("stats");
        return peer.await("path (.*)", PATIENCE).group(1);
    }

    @Override
    public void close() {
        peers.forEach(PeerProcess::close);
        server.close();
        lab.close();
    }
}
