package dev.nearhand.transport.bc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.dtls.SrtpKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BcDtlsEndpointTest {
    private static final byte[] GARBAGE = {1, 2};
    private static final int ATTEMPTS = 100;

    private final Random random = new Random(1);

    @Test
    void bothSidesConnectWithTheSameSrtpKeysAndTheStrongerProfile() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.start();

            assertThat(pair.connect()).isTrue();

            SrtpKeys ofClient = keys(pair.clientEvents);
            SrtpKeys ofServer = keys(pair.serverEvents);
            assertThat(ofClient.profile()).isEqualTo(SrtpKeys.AEAD_AES_128_GCM);
            assertThat(ofClient).usingRecursiveComparison().isEqualTo(ofServer);
            assertThat(ofClient.clientKey()).hasSize(16).isNotEqualTo(ofClient.serverKey());
            assertThat(ofClient.clientSalt()).hasSize(12).isNotEqualTo(ofClient.serverSalt());
        }
    }

    @Test
    void aHandshakeWithoutLossNeedsNoResend() throws Exception {
        // whoever has to wait too long for a busy processor rightly resends: one that was quick is what counts, and
        // none that needs a resend is quick
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
                long began = System.nanoTime();
                pair.start();
                assertThat(pair.connect()).isTrue();
                if (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(Agreement.RESEND_MILLIS)) {
                    // ClientHello, HelloVerify-free flight of the server, the client's flight, the server's Finished
                    assertThat(pair.datagrams).isLessThan(10);
                    return;
                }
            }
        }
        fail("no handshake of %d ended before anything is sent again", ATTEMPTS);
    }

    @Test
    void recordsCarryDataBothWays() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.start();
            assertThat(pair.connect()).isTrue();

            ByteBuffer largest = ByteBuffer.allocate(DtlsEndpoint.MAX_APPLICATION_BYTES);
            pair.client.send(text("from the client"));
            pair.client.send(largest);
            pair.server.send(text("from the server"));
            pair.turn();

            assertThat(received(pair.serverEvents)).containsExactly(text("from the client"), largest);
            assertThat(received(pair.clientEvents)).containsExactly(text("from the server"));
        }
    }

    @Test
    void noDatagramIsLongerThanTheMtu() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            List<Integer> lengths = new ArrayList<>();
            pair.interception = (_, datagram) -> {
                lengths.add(datagram.length);
                return List.of(datagram);
            };
            pair.start();
            assertThat(pair.connect()).isTrue();
            assertThat(lengths).allMatch(length -> length <= DtlsEndpoint.MTU_BYTES);
            lengths.clear();
            pair.client.send(ByteBuffer.allocate(DtlsEndpoint.MAX_APPLICATION_BYTES));
            pair.turn();

            assertThat(lengths).containsExactly(DtlsEndpoint.LARGEST_BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void connectsOverALinkThatLosesDoublesAndSwaps(long seed) throws Exception {
        try (DtlsPair pair = new DtlsPair(new Random(seed), new DtlsPair.Faults(15, 20, 20))) {
            pair.start();
            assertThat(pair.connect()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectsWhenTheLastFlightIsLostOnce(boolean fromClient) throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            AtomicInteger lost = new AtomicInteger();
            pair.interception = (sender, datagram) -> {
                boolean lose = sender == fromClient && hasRecord(datagram, 20) && lost.getAndIncrement() == 0;
                return lose ? List.of() : List.of(datagram);
            };
            pair.start();
            assertThat(pair.connect()).isTrue();
            assertThat(lost.get()).isGreaterThan(1);
        }
    }

    @Test
    void dataThatOvertakesTheHandOverIsDelivered() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.start();
            // the server is complete first in its own eyes only after the client's last flight: the client sends at
            // once
            assertThat(pair.runUntil(() -> DtlsPair.connected(pair.serverEvents)))
                    .isTrue();
            pair.server.send(text("early"));
            assertThat(pair.runUntil(() -> !received(pair.clientEvents).isEmpty()))
                    .isTrue();
            assertThat(received(pair.clientEvents)).containsExactly(text("early"));
        }
    }

    @Test
    void dataThatOvertakesTheEndOfTheHandshakeIsDelivered() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            List<byte[]> overtaken = new ArrayList<>();
            pair.interception = (fromClient, datagram) -> {
                if (!fromClient && hasRecord(datagram, 20) && overtaken.isEmpty()) {
                    overtaken.add(datagram);
                    return List.of();
                }
                return fromClient || !hasRecord(datagram, 23)
                        ? List.of(datagram)
                        : List.of(datagram, overtaken.getFirst());
            };
            pair.start();
            assertThat(pair.runUntil(() -> DtlsPair.connected(pair.serverEvents)))
                    .isTrue();
            pair.server.send(text("early"));
            assertThat(pair.runUntil(() -> !received(pair.clientEvents).isEmpty()))
                    .isTrue();
            assertThat(received(pair.clientEvents)).containsExactly(text("early"));
        }
    }

    @Test
    void recordsBehindTheEndOfTheHandshakeInTheSameDatagramAreRead() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            List<byte[]> held = new ArrayList<>();
            pair.interception = (fromClient, datagram) -> {
                if (!fromClient && hasRecord(datagram, 20) && held.isEmpty()) {
                    held.add(datagram);
                    return List.of();
                }
                return fromClient || !hasRecord(datagram, 23)
                        ? List.of(datagram)
                        : List.of(join(held.getFirst(), datagram));
            };
            pair.start();
            assertThat(pair.runUntil(() -> DtlsPair.connected(pair.serverEvents)))
                    .isTrue();
            pair.server.send(text("behind"));
            assertThat(pair.runUntil(() -> !received(pair.clientEvents).isEmpty()))
                    .isTrue();
            assertThat(received(pair.clientEvents)).containsExactly(text("behind"));
        }
    }

    @Test
    void dataGoesStraightIntoTheLentBuffer() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            ByteBuffer lent = ByteBuffer.allocate(DtlsEndpoint.LARGEST_BYTES);
            assertThat(pair.client.protect(text("too early"), lent)).isFalse();
            pair.start();
            assertThat(pair.connect()).isTrue();

            assertThat(pair.client.protect(text("at once"), lent)).isTrue();
            pair.server.handleDatagram(lent.flip());
            pair.turn();
            assertThat(received(pair.serverEvents)).containsExactly(text("at once"));
            assertThat(pair.server.drops()).isEmpty();
        }
    }

    @Test
    void theClientRefusesACertificateThatWasNotAnnounced() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            Fingerprint wrong = Fingerprint.of("sha-256", new byte[32]);
            pair.start(wrong, pair.clientCertificate.fingerprint());

            assertThat(pair.runUntil(() -> !pair.clientEvents.isEmpty() && !pair.serverEvents.isEmpty()))
                    .isTrue();

            assertThat(failure(pair.clientEvents)).contains("the certificate is not the one the description announced");
            assertThat(failure(pair.serverEvents)).contains("bad_certificate");
        }
    }

    @Test
    void theServerRefusesACertificateThatWasNotAnnounced() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.start(pair.serverCertificate.fingerprint(), pair.serverCertificate.fingerprint());

            assertThat(pair.runUntil(() -> !pair.clientEvents.isEmpty() && !pair.serverEvents.isEmpty()))
                    .isTrue();

            assertThat(failure(pair.serverEvents)).contains("the certificate is not the one the description announced");
            assertThat(failure(pair.clientEvents)).contains("bad_certificate");
        }
    }

    @Test
    void fingerprintsOfOtherHashesAreMetToo() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            byte[] der = ((BcCertificate) pair.serverCertificate).parsed().getEncoded();
            pair.start(BcCertificate.fingerprint("sha-512", der), pair.clientCertificate.fingerprint());
            assertThat(pair.connect()).isTrue();
        }
    }

    /// Wire case 18.
    @Test
    void garbageBetweenFlightsIsIgnored() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.interception = (_, datagram) -> List.of(GARBAGE, random(40), datagram, random(13), GARBAGE);
            pair.start();
            assertThat(pair.connect()).isTrue();
            pair.client.send(text("after"));
            pair.turn();
            assertThat(received(pair.serverEvents)).containsExactly(text("after"));
        }
    }

    /// Wire case 18.
    @Test
    void finishedMayShareADatagramWithRepeatedRecords() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            List<byte[]> earlier = new ArrayList<>();
            pair.interception = (fromClient, datagram) -> {
                if (!fromClient) {
                    return List.of(datagram);
                }
                byte[] last = earlier.isEmpty() ? new byte[0] : earlier.getLast();
                earlier.add(datagram);
                return List.of(hasRecord(datagram, 20) ? join(last, datagram) : datagram);
            };
            pair.start();
            assertThat(pair.connect()).isTrue();
        }
    }

    @Test
    void aForgedRecordOfApplicationDataIsDropped() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.start();
            assertThat(pair.connect()).isTrue();
            pair.interception = (_, datagram) -> {
                byte[] forged = datagram.clone();
                forged[forged.length - 1] ^= 1;
                return List.of(forged, datagram, datagram);
            };
            pair.client.send(text("once"));
            pair.turn();
            assertThat(received(pair.serverEvents)).containsExactly(text("once"));
        }
    }

    @Test
    void closeIsHeardByTheOtherSide() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.start();
            assertThat(pair.connect()).isTrue();

            pair.client.send(text("last words"));
            pair.client.close();
            pair.turn();

            assertThat(received(pair.serverEvents)).containsExactly(text("last words"));
            assertThat(pair.serverEvents.getLast()).isEqualTo(new DtlsEvent.Closed());
            assertThat(pair.clientEvents).hasSize(1);
            pair.server.send(text("nobody listens"));
            pair.server.close();
            assertThat(pair.server.pollEvent()).isNull();
        }
    }

    @Test
    void closingDuringTheHandshakeTellsTheOtherSide() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.interception = (fromClient, datagram) -> {
                if (!fromClient) {
                    pair.server.close();
                }
                return List.of(datagram);
            };
            pair.start();
            assertThat(pair.runUntil(() -> !pair.clientEvents.isEmpty())).isTrue();
            assertThat(pair.clientEvents.getFirst()).isInstanceOf(DtlsEvent.Failed.class);
            assertThat(pair.serverEvents).isEmpty();
        }
    }

    @Test
    void datagramsBeforeTheStartWaitForIt() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            AtomicInteger toServer = new AtomicInteger();
            pair.interception = (fromClient, datagram) -> {
                if (fromClient) {
                    toServer.incrementAndGet();
                }
                return List.of(datagram);
            };
            pair.client.start(DtlsRole.CLIENT, pair.serverCertificate.fingerprint());
            assertThat(pair.runUntil(() -> toServer.get() > 0)).isTrue();
            pair.server.start(DtlsRole.SERVER, pair.clientCertificate.fingerprint());
            assertThat(pair.connect()).isTrue();
        }
    }

    /// Wire case 16: today's browsers send a ClientHello that does not fit one datagram.
    @ParameterizedTest
    @ValueSource(strings = {"in order", "swapped", "doubled", "first lost once", "second lost once"})
    void aClientHelloInTwoFragmentsIsUnderstood(String order) throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            AtomicInteger hellos = new AtomicInteger();
            ClientHellos fragments = new ClientHellos(0);
            pair.interception = (fromClient, datagram) -> {
                if (!fromClient || !ClientHellos.isWhole(datagram)) {
                    return List.of(fromClient ? fragments.renumber(datagram) : datagram);
                }
                List<byte[]> parts = new ArrayList<>(ClientHellos.split(datagram));
                boolean first = hellos.getAndIncrement() == 0;
                switch (order) {
                    case "swapped" -> Collections.reverse(parts);
                    case "doubled" -> parts.addAll(List.copyOf(parts));
                    case "first lost once" -> parts.remove(first ? parts.getFirst() : GARBAGE);
                    case "second lost once" -> parts.remove(first ? parts.getLast() : GARBAGE);
                    default -> {}
                }
                return parts.stream().map(fragments::renumber).toList();
            };
            pair.start();
            assertThat(pair.connect()).isTrue();
            assertThat(hellos.get()).isPositive();
        }
    }

    /// Wire case 17.
    @Test
    void emptyFragmentsAndThoseOfAnotherMessageDoNotDisturb() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            ClientHellos fragments = new ClientHellos(0);
            pair.interception = (fromClient, datagram) -> {
                if (!fromClient || !ClientHellos.isWhole(datagram)) {
                    return List.of(fromClient ? fragments.renumber(datagram) : datagram);
                }
                List<byte[]> parts = ClientHellos.split(datagram);
                byte[] ofAnotherMessage = ClientHellos.withMessageSequence(parts.getLast(), 7);
                return List.of(
                        fragments.renumber(ClientHellos.emptyFragment(datagram)),
                        fragments.renumber(parts.getFirst()),
                        fragments.renumber(ofAnotherMessage),
                        fragments.renumber(parts.getLast()));
            };
            pair.start();
            assertThat(pair.connect()).isTrue();
        }
    }

    /// Wire case 17: all of them together reserve less than a megabyte, and the true handshake still ends.
    @Test
    void tenThousandFragmentsThatNeverCompleteDoNotHinder() throws Exception {
        try (DtlsPair pair = new DtlsPair(random, DtlsPair.Faults.NONE)) {
            pair.server.start(DtlsRole.SERVER, pair.clientCertificate.fingerprint());
            for (int i = 0; i < 10_000; i++) {
                pair.server.handleDatagram(ByteBuffer.wrap(ClientHellos.lonelyFragment(i, 0xFF_FFFF)));
                pair.server.handleDatagram(ByteBuffer.wrap(ClientHellos.lonelyFragment(i, 30_000)));
            }
            ClientHellos fragments = new ClientHellos(10_000);
            pair.interception = (fromClient, datagram) -> List.of(fromClient ? fragments.renumber(datagram) : datagram);
            pair.client.start(DtlsRole.CLIENT, pair.serverCertificate.fingerprint());
            assertThat(pair.connect()).isTrue();
        }
    }

    @Test
    void theWarmUpIsAWholeHandshake() {
        assertThat(BcDtls.handshakeInMemory()).isTrue();
    }

    @Test
    void aMisuseIsTheCallersFault() {
        DtlsEndpoint endpoint = BcDtls.endpoint(BcDtls.generateCertificate(), () -> {});
        Fingerprint any = Fingerprint.of("sha-256", new byte[32]);
        endpoint.start(DtlsRole.CLIENT, any);
        assertThatThrownBy(() -> endpoint.start(DtlsRole.CLIENT, any)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> endpoint.send(ByteBuffer.allocate(DtlsEndpoint.MAX_APPLICATION_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BcDtls.endpoint(() -> any, () -> {})).isInstanceOf(IllegalArgumentException.class);
        endpoint.close();
        endpoint.close();
    }

    private static SrtpKeys keys(List<DtlsEvent> events) {
        return Objects.requireNonNull(((DtlsEvent.Connected) events.getFirst()).keys());
    }

    private static String failure(List<DtlsEvent> events) {
        return ((DtlsEvent.Failed) events.getFirst()).reason();
    }

    private static List<ByteBuffer> received(List<DtlsEvent> events) {
        return events.stream()
                .filter(DtlsEvent.ApplicationData.class::isInstance)
                .map(event -> ((DtlsEvent.ApplicationData) event).data())
                .toList();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = new byte[first.length + second.length];
        System.arraycopy(first, 0, joined, 0, first.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static boolean hasRecord(byte[] datagram, int type) {
        for (int at = 0; at + 13 <= datagram.length; ) {
            if (datagram[at] == type) {
                return true;
            }
            at += 13 + ((datagram[at + 11] & 0xFF) << 8 | datagram[at + 12] & 0xFF);
        }
        return false;
    }
}
