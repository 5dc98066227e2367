package dev.nearhand.transport.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nearhand.transport.dtls.FakeDtlsEndpoint.FakeCertificate;
import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeDtlsEndpointTest {
    private static final FakeCertificate ALICE = new FakeCertificate("alice");
    private static final FakeCertificate BOB = new FakeCertificate("bob");

    private final DtlsEndpoint client = FakeDtlsEndpoint.create(ALICE, () -> {});
    private final DtlsEndpoint server = FakeDtlsEndpoint.create(BOB, () -> {});
    private final List<DtlsEvent> clientEvents = new ArrayList<>();
    private final List<DtlsEvent> serverEvents = new ArrayList<>();
    private long now;

    private void run(Random random, int lossPercent) {
        for (int turn = 0; turn < 100; turn++) {
            client.handleTimeout(now);
            server.handleTimeout(now);
            boolean moved = true;
            while (moved) {
                moved = carry(client, server, random, lossPercent) | carry(server, client, random, lossPercent);
            }
            drain(client, clientEvents);
            drain(server, serverEvents);
            long next = Math.min(client.nextTimeoutNanos(), server.nextTimeoutNanos());
            if (next == TimerTable.NEVER) {
                return;
            }
            now = Math.max(now, next);
        }
    }

    private static void drain(DtlsEndpoint endpoint, List<DtlsEvent> into) {
        for (DtlsEvent event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            into.add(event);
        }
    }

    private static boolean carry(DtlsEndpoint from, DtlsEndpoint to, Random random, int lossPercent) {
        ByteBuffer datagram = ByteBuffer.allocate(DtlsEndpoint.MTU_BYTES);
        if (!from.pollTransmit(datagram)) {
            return false;
        }
        if (random.nextInt(100) >= lossPercent) {
            to.handleDatagram(datagram.flip());
        }
        return true;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void connectsWithTheSameKeysWhateverIsLost(long seed) {
        client.start(DtlsRole.CLIENT, BOB.fingerprint());
        server.start(DtlsRole.SERVER, ALICE.fingerprint());
        run(new Random(seed), 40);

        assertThat(clientEvents).hasSize(1);
        assertThat(clientEvents.getFirst()).usingRecursiveComparison().isEqualTo(serverEvents.getFirst());
        assertThat(clientEvents.getFirst()).isInstanceOf(DtlsEvent.Connected.class);
    }

    @Test
    void aWrongFingerprintFailsBothSides() {
        server.start(DtlsRole.SERVER, BOB.fingerprint());
        client.start(DtlsRole.CLIENT, BOB.fingerprint());
        run(new Random(1), 0);

        assertThat(clientEvents).hasOnlyElementsOfType(DtlsEvent.Failed.class).hasSize(1);
        assertThat(serverEvents).hasOnlyElementsOfType(DtlsEvent.Failed.class).hasSize(1);
    }

    @Test
    void dataAndTheGoodbyeArrive() {
        client.start(DtlsRole.CLIENT, BOB.fingerprint());
        server.start(DtlsRole.SERVER, ALICE.fingerprint());
        run(new Random(1), 0);
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3});
        client.send(data);
        client.close();
        run(new Random(1), 0);

        assertThat(serverEvents.subList(1, 3))
                .containsExactly(new DtlsEvent.ApplicationData(data), new DtlsEvent.Closed());
    }

    @Test
    void givesUpAfterThirtySeconds() {
        client.start(DtlsRole.CLIENT, BOB.fingerprint());
        run(new Random(1), 100);
        assertThat(clientEvents).hasOnlyElementsOfType(DtlsEvent.Failed.class).hasSize(1);
        assertThat(now).isEqualTo(30_000_000_000L);
    }
}
