package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsAdmission;
import dev.nearhand.transport.dtls.DtlsDropReason;
import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.dtls.RecordLayer;
import dev.nearhand.transport.dtls.SrtpKeys;
import dev.nearhand.transport.time.TimerTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/// DTLS 1.2 (RFC 6347) with `use_srtp` (RFC 5764) by BouncyCastle, whose handshake blocks.
///
/// So the handshake runs on a virtual thread of its own, over [DatagramQueues]. When it ends, it leaves its [Outcome],
/// with the keys, and wakes the event loop, which goes on without BouncyCastle: a [RecordLayer] takes the datagrams
/// that have queued up meanwhile, and each one that comes later.
///
/// Keeps its own time during the handshake and needs none afterwards; renegotiates never, resumes never.
final class BcDtlsEndpoint implements DtlsEndpoint {
    /// How the handshake ended.
    private sealed interface Outcome {
        record Established(RecordLayer records, @Nullable SrtpKeys keys) implements Outcome {}

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

    private State state = State.NEW;
    private @Nullable RecordLayer records;

    /// Written once by the handshake thread, with everything it did before; forgotten by the loop, with all of the
    /// handshake.
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
        Thread.ofVirtual().name("dtls-handshake").start(() -> {
            outcome = handshake(role, ours);
            wakeUp.run();
        });
    }

    private Outcome handshake(DtlsRole role, Agreement ours) {
        try {
            switch (role) {
                case CLIENT -> new DTLSClientProtocol().connect(new ClientPeer(ours), queues);
                case SERVER -> new DTLSServerProtocol().accept(new ServerPeer(ours), queues);
            }
            return new Outcome.Established(recordsAfter(role, ours), ours.keys());
        } catch (IOException failure) {
            return new Outcome.NotEstablished(reason(failure));
        } catch (RuntimeException bug) {
            // BouncyCastle's answer to some inputs; whatever arrives must not end a thread in silence
            return new Outcome.NotEstablished("the DTLS handshake broke off: " + bug);
        } finally {
            queues.flush();
        }
    }

    /// BouncyCastle's transport is left where it is: what it would still do, the record layer does.
    private RecordLayer recordsAfter(DtlsRole role, Agreement ours) {
        GcmTlsCipher cipher = ours.crypto().records();
        // the server's flight ends a handshake that resumes nothing
        byte[] finished = role == DtlsRole.SERVER ? cipher.lastHandshakeMessage() : null;
        return new RecordLayer(cipher.reader(), cipher.writer(), finished, queues.nextPlainSequence());
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
        RecordLayer connected = records;
        if (state == State.CONNECTED && connected != null && !connected.hasUnread() && !queues.hasInput()) {
            connected.handleDatagram(borrowed);
        } else if (state != State.ENDED && DtlsAdmission.admits(borrowed)) {
            queues.offer(borrowed);
        }
    }

    @Override
    public boolean pollTransmit(ByteBuffer into) {
        byte @Nullable [] datagram = queues.pollOutput();
        if (datagram != null) {
            into.put(datagram);
            return true;
        }
        return records != null && records.pollTransmit(into);
    }

    @Override
    public boolean protect(ByteBuffer applicationData, ByteBuffer into) {
        if (records == null) {
            DtlsEndpoint.checkedLength(applicationData);
            return false;
        }
        return records.protect(applicationData, into);
    }

    @Override
    public void send(ByteBuffer applicationData) {
        if (records == null) {
            DtlsEndpoint.checkedLength(applicationData);
        } else {
            records.send(applicationData);
        }
    }

    @Override
    public Map<DtlsDropReason, Long> drops() {
        return records == null ? Map.of() : records.drops();
    }

    @Override
    public @Nullable DtlsEvent pollEvent() {
        return switch (state) {
            case NEW, ENDED -> null;
            case HANDSHAKE -> pollOutcome();
            case CONNECTED -> records == null ? null : pump(records);
        };
    }

    private @Nullable DtlsEvent pollOutcome() {
        return switch (outcome) {
            case null -> null;
            case Outcome.NotEstablished(String reason) -> {
                state = State.ENDED;
                yield new DtlsEvent.Failed(reason);
            }
            case Outcome.Established(RecordLayer established, SrtpKeys keys) -> {
                records = established;
                outcome = null;
                state = State.CONNECTED;
                yield new DtlsEvent.Connected(keys);
            }
        };
    }

    /// Reads on until a record has something to tell, or nothing is left.
    private @Nullable DtlsEvent pump(RecordLayer connected) {
        DtlsEvent event = connected.pollEvent();
        while (event == null) {
            byte @Nullable [] datagram = queues.pollInput();
            if (datagram == null) {
                return null;
            }
            connected.handleDatagram(ByteBuffer.wrap(datagram));
            event = connected.pollEvent();
        }
        if (event instanceof DtlsEvent.Closed || event instanceof DtlsEvent.Failed) {
            state = State.ENDED;
        }
        return event;
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
                if (records != null) {
                    records.close();
                }
            }
        }
    }
}
