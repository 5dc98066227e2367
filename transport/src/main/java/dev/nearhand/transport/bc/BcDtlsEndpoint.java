package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsAdmission;
import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.time.TimerTable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/// DTLS 1.2 (RFC 6347) with `use_srtp` (RFC 5764) by BouncyCastle, whose handshake blocks.
///
/// So the handshake runs on a virtual thread of its own, over [DatagramQueues]. When it ends, it leaves its [Outcome]
/// and wakes the event loop, which from then on is the only one to touch BouncyCastle's transport: it feeds it the
/// datagrams that have queued up meanwhile, and each one that comes later, without ever waiting.
///
/// Keeps its own time during the handshake and needs none afterwards; renegotiates never, resumes never.
final class BcDtlsEndpoint implements DtlsEndpoint {
    /// How the handshake ended.
    private sealed interface Outcome {
        record Established(DTLSTransport transport) implements Outcome {}

        record NotEstablished(String reason) implements Outcome {}
    }

    private enum State {
        NEW,
        HANDSHAKE,
        CONNECTED,
        ENDED
    }

    private final BcCertificate certificate;
    private final SecureRandom random;
    private final Runnable wakeUp;
    private final DatagramQueues queues;
    private final AlertLog alerts = new AlertLog();
    private final byte[] plain = new byte[DatagramQueues.RECEIVE_LIMIT_BYTES];

    private State state = State.NEW;
    private @Nullable Agreement agreement;
    private @Nullable DTLSTransport transport;

    /// Written once by the handshake thread, with everything it did before.
    private volatile @Nullable Outcome outcome;

    BcDtlsEndpoint(BcCertificate certificate, SecureRandom random, Runnable wakeUp) {
        this.certificate = certificate;
        this.random = random;
        this.wakeUp = wakeUp;
        this.queues = new DatagramQueues(wakeUp);
    }

    @Override
    public void start(DtlsRole role, Fingerprint expectedRemote) {
        if (state != State.NEW) {
            throw new IllegalStateException("started already");
        }
        state = State.HANDSHAKE;
        Agreement ours = new Agreement(certificate, expectedRemote, random);
        agreement = ours;
        Thread.ofVirtual().name("dtls-handshake").start(() -> {
            outcome = handshake(role, ours);
            wakeUp.run();
        });
    }

    private Outcome handshake(DtlsRole role, Agreement ours) {
        try {
            DTLSTransport established =
                    switch (role) {
                        case CLIENT -> new DTLSClientProtocol().connect(new ClientPeer(ours, alerts), queues);
                        case SERVER -> new DTLSServerProtocol().accept(new ServerPeer(ours, alerts), queues);
                    };
            return new Outcome.Established(established);
        } catch (IOException failure) {
            return new Outcome.NotEstablished(reason(failure));
        } catch (RuntimeException bug) {
            // BouncyCastle's answer to some inputs; whatever arrives must not end a thread in silence
            return new Outcome.NotEstablished("the DTLS handshake broke off: " + bug);
        } finally {
            queues.flush();
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case TlsFatalAlertReceived alert ->
                "the other side refused the DTLS handshake: " + AlertDescription.getName(alert.getAlertDescription());
            case TlsFatalAlert alert -> {
                @Nullable String detail = alert.getMessage();
                yield "the DTLS handshake failed: "
                        + (detail == null ? AlertDescription.getName(alert.getAlertDescription()) : detail);
            }
            case TlsTimeoutException _ ->
                "the DTLS handshake did not end within " + Agreement.HANDSHAKE_TIMEOUT_MILLIS / 1_000
                        + " s: no answer from the other side";
            default -> "the DTLS handshake failed: " + failure.getMessage();
        };
    }

    @Override
    public void handleDatagram(ByteBuffer borrowed) {
        if (state != State.ENDED && DtlsAdmission.admits(borrowed)) {
            queues.offer(borrowed);
        }
    }

    @Override
    public boolean pollTransmit(ByteBuffer into) {
        byte @Nullable [] datagram = queues.pollOutput();
        if (datagram == null) {
            return false;
        }
        into.put(datagram);
        return true;
    }

    @Override
    public void send(ByteBuffer applicationData) {
        int length = applicationData.remaining();
        if (length == 0 || length > MAX_APPLICATION_BYTES) {
            throw new IllegalArgumentException(
                    "a record carries 1 to " + MAX_APPLICATION_BYTES + " bytes, not " + length);
        }
        DTLSTransport connected = transport;
        if (state != State.CONNECTED || connected == null) {
            return;
        }
        applicationData.get(applicationData.position(), plain, 0, length);
        try {
            connected.send(plain, 0, length);
        } catch (IOException failure) {
            // our queue takes everything, so only the end of the sequence numbers remains
            throw new IllegalStateException("DTLS cannot send", failure);
        }
    }

    @Override
    public @Nullable DtlsEvent pollEvent() {
        return switch (state) {
            case NEW, ENDED -> null;
            case HANDSHAKE -> pollOutcome();
            case CONNECTED -> pump();
        };
    }

    private @Nullable DtlsEvent pollOutcome() {
        return switch (outcome) {
            case null -> null;
            case Outcome.NotEstablished(String reason) -> {
                state = State.ENDED;
                yield new DtlsEvent.Failed(reason);
            }
            case Outcome.Established(DTLSTransport established) -> {
                transport = established;
                queues.handOver();
                state = State.CONNECTED;
                Agreement done = agreement;
                yield new DtlsEvent.Connected(done == null ? null : done.keys());
            }
        };
    }

    /// Feeds what has queued up until a record of application data comes out, or nothing is left.
    private @Nullable DtlsEvent pump() {
        DTLSTransport connected = transport;
        if (connected == null) {
            return null;
        }
        try {
            int length = connected.receivePending(plain, 0, plain.length);
            while (length <= 0 && queues.hasInput() && !alerts.closeNotify()) {
                // a wait of one millisecond never happens: our transport throws when its queue is empty
                length = connected.receive(plain, 0, plain.length, 1);
            }
            if (length > 0) {
                return new DtlsEvent.ApplicationData(ByteBuffer.wrap(Arrays.copyOf(plain, length)));
            }
        } catch (InterruptedIOException nothingLeft) {
            // the usual end: what was queued held no application data
        } catch (IOException failure) {
            state = State.ENDED;
            return new DtlsEvent.Failed(reasonAfterwards(failure));
        }
        if (alerts.closeNotify()) {
            state = State.ENDED;
            return new DtlsEvent.Closed();
        }
        return null;
    }

    private String reasonAfterwards(IOException failure) {
        return alerts.fatal().isEmpty()
                ? "the DTLS association broke: " + failure.getMessage()
                : "the other side ended the DTLS association: " + alerts.fatal();
    }

    @Override
    public void handleTimeout(long nowNanos) {}

    @Override
    public long nextTimeoutNanos() {
        return TimerTable.NEVER;
    }

    @Override
    public void close() {
        State before = state;
        state = State.ENDED;
        switch (before) {
            case NEW, ENDED -> {}
            case HANDSHAKE -> queues.shut();
            case CONNECTED -> {
                DTLSTransport connected = transport;
                if (connected != null) {
                    try {
                        connected.close();
                    } catch (IOException nothingToSay) {
                        // the goodbye is a courtesy
                    }
                }
            }
        }
    }
}
