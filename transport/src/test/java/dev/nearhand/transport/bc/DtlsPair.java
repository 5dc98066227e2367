package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.dtls.Fingerprint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Two endpoints over a pipe in memory that loses, doubles and swaps datagrams by seed; in real time, because
/// BouncyCastle reads the system clock. The test's thread plays the event loop of both.
final class DtlsPair implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /// What happens to a datagram, in per cent.
    record Faults(int lose, int duplicate, int swap) {
        static final Faults NONE = new Faults(0, 0, 0);
    }

    /// What a test does to each datagram on its way; the list it answers is delivered instead.
    interface Interception {
        List<byte[]> apply(boolean fromClient, byte[] datagram);
    }

    final DtlsCertificate clientCertificate = CertificateOfTests.CLIENT;
    final DtlsCertificate serverCertificate = CertificateOfTests.SERVER;
    final DtlsEndpoint client;
    final DtlsEndpoint server;
    final List<DtlsEvent> clientEvents = new ArrayList<>();
    final List<DtlsEvent> serverEvents = new ArrayList<>();
    Interception interception = (_, datagram) -> List.of(datagram);
    int datagrams;

    private final Semaphore work = new Semaphore(0);
    private final RandomGenerator random;
    private final Faults faults;
    private final Deque<byte[]> heldToServer = new ArrayDeque<>();
    private final Deque<byte[]> heldToClient = new ArrayDeque<>();

    /// Made once: keys cost time, and no test cares which they are.
    private static final class CertificateOfTests {
        static final DtlsCertificate CLIENT = BcDtls.generateCertificate();
        static final DtlsCertificate SERVER = BcDtls.generateCertificate();
    }

    DtlsPair(RandomGenerator random, Faults faults) {
        this.random = random;
        this.faults = faults;
        this.client = BcDtls.endpoint(clientCertificate, work::release);
        this.server = BcDtls.endpoint(serverCertificate, work::release);
    }

    void start() {
        start(serverCertificate.fingerprint(), clientCertificate.fingerprint());
    }

    void start(Fingerprint expectedByClient, Fingerprint expectedByServer) {
        client.start(DtlsRole.CLIENT, expectedByClient);
        server.start(DtlsRole.SERVER, expectedByServer);
    }

    /// Runs both loops until `done`, and says whether that came within the patience.
    boolean runUntil(BooleanSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        turn();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            // endpoints wake the loop; the short wait only bounds how late the patience ends
            work.tryAcquire(100, TimeUnit.MILLISECONDS);
            work.drainPermits();
            turn();
        }
        return true;
    }

    boolean connect() throws InterruptedException {
        return runUntil(() -> connected(clientEvents) && connected(serverEvents));
    }

    static boolean connected(List<DtlsEvent> events) {
        return !events.isEmpty() && events.getFirst() instanceof DtlsEvent.Connected;
    }

    void turn() {
        boolean moved = true;
        while (moved) {
            moved = drain(client, clientEvents) | drain(server, serverEvents);
            moved |= carry(true) | carry(false);
        }
    }

    private static boolean drain(DtlsEndpoint endpoint, List<DtlsEvent> into) {
        boolean any = false;
        for (DtlsEvent event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            into.add(kept(event));
            any = true;
        }
        return any;
    }

    /// What an event shows is borrowed.
    private static DtlsEvent kept(DtlsEvent event) {
        if (event instanceof DtlsEvent.ApplicationData(ByteBuffer borrowed)) {
            byte[] copy = new byte[borrowed.remaining()];
            borrowed.get(borrowed.position(), copy);
            return new DtlsEvent.ApplicationData(ByteBuffer.wrap(copy));
        }
        return event;
    }

    private boolean carry(boolean fromClient) {
        DtlsEndpoint from = fromClient ? client : server;
        DtlsEndpoint to = fromClient ? server : client;
        Deque<byte[]> held = fromClient ? heldToServer : heldToClient;
        ByteBuffer buffer = ByteBuffer.allocate(2_048);
        boolean any = false;
        while (from.pollTransmit(buffer.clear())) {
            any = true;
            datagrams++;
            byte[] datagram = new byte[buffer.flip().remaining()];
            buffer.get(datagram);
            for (byte[] passed : interception.apply(fromClient, datagram)) {
                deliver(to, held, passed);
            }
        }
        return any;
    }

    private void deliver(DtlsEndpoint to, Deque<byte[]> held, byte[] datagram) {
        if (random.nextInt(100) < faults.lose) {
            return;
        }
        if (held.isEmpty() && random.nextInt(100) < faults.swap) {
            held.add(datagram);
            return;
        }
        to.handleDatagram(ByteBuffer.wrap(datagram));
        if (random.nextInt(100) < faults.duplicate) {
            to.handleDatagram(ByteBuffer.wrap(datagram));
        }
        while (!held.isEmpty()) {
            to.handleDatagram(ByteBuffer.wrap(held.remove()));
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
