package dev.nearhand.transport.peer;

import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.dtls.Fingerprint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The DTLS endpoint inside a [PeerCore]: started once, by the role that the descriptions agreed on.
final class DtlsWiring {
    private enum Phase {
        IDLE,
        SHAKING,
        CONNECTED,
        OVER
    }

    private final DtlsEndpoint endpoint;
    private Phase phase = Phase.IDLE;
    private long notDtls;

    DtlsWiring(DtlsEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    boolean isStarted() {
        return phase != Phase.IDLE;
    }

    boolean isConnected() {
        return phase == Phase.CONNECTED;
    }

    void start(DtlsRole role, Fingerprint expectedRemote) {
        phase = Phase.SHAKING;
        endpoint.start(role, expectedRemote);
    }

    void handleDatagram(ByteBuffer borrowed) {
        if (phase == Phase.OVER) {
            notDtls++;
            return;
        }
        endpoint.handleDatagram(borrowed);
    }

    /// Writes one record straight into `into`; false when there is none to write.
    boolean protect(ByteBuffer applicationData, ByteBuffer into) {
        return endpoint.protect(applicationData, into);
    }

    void send(ByteBuffer applicationData) {
        endpoint.send(applicationData);
    }

    boolean pollTransmit(ByteBuffer into) {
        return endpoint.pollTransmit(into);
    }

    @Nullable
    DtlsEvent pollEvent() {
        DtlsEvent event = endpoint.pollEvent();
        switch (event) {
            case null -> {}
            case DtlsEvent.Connected _ -> phase = Phase.CONNECTED;
            case DtlsEvent.ApplicationData _ -> {}
            case DtlsEvent.Failed _, DtlsEvent.Closed _ -> phase = Phase.OVER;
        }
        return event;
    }

    void handleTimeout(long nowNanos) {
        endpoint.handleTimeout(nowNanos);
    }

    long nextTimeoutNanos() {
        return endpoint.nextTimeoutNanos();
    }

    void count(PeerStats.Counters counters) {
        counters.put("dropped.afterDtlsEnd", notDtls);
        endpoint.drops().forEach((reason, count) -> counters.put("dropped.dtls." + reason, count));
    }

    /// Says goodbye; the last datagrams still have to be polled.
    void close() {
        phase = Phase.OVER;
        endpoint.close();
    }
}
