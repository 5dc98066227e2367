package dev.nearhand.transport.dtls;

import dev.nearhand.transport.time.TimerTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A stand-in for DTLS in the simulator: deterministic, in the simulator's time, without cryptography.
///
/// Four flights of one message each, as DTLS 1.2 has them, so that the server is connected after one and a half round
/// trips and the client after two: both hellos, both finishes, each with the sender's fingerprint. They look like DTLS
/// records to a demultiplexer. Each side repeats its last flight until answered, so loss, duplication and reordering
/// are survived as they are by the real one; a wrong fingerprint fails both sides. The SRTP keys follow from the two
/// fingerprints alone. Application records are not hidden, but they are as long as AES-GCM makes them, and a damaged
/// one is dropped: who is above relies on that.
public final class FakeDtlsEndpoint implements DtlsEndpoint {
    /// Datagrams and events that wait for the loop; when full the newest is dropped, as a network would.
    private static final int MOST_WAITING = 4_096;

    private static final long RESEND_NANOS = 200_000_000;
    private static final long LONGEST_RESEND_NANOS = 3_200_000_000L;
    private static final long GIVE_UP_NANOS = 30_000_000_000L;
    private static final int HEADER_BYTES = 13;
    private static final int NONCE_BYTES = 8;
    private static final int TAG_BYTES = 16;

    private static final byte ALERT = 21;
    private static final byte HANDSHAKE = 22;
    private static final byte APPLICATION = 23;

    private static final byte CLIENT_HELLO = 1;
    private static final byte SERVER_HELLO = 2;
    private static final byte CLIENT_FINISH = 20;
    private static final byte SERVER_FINISH = 21;

    private static final byte CLOSE = 0;
    private static final byte REFUSE = 1;

    /// A certificate that consists of its name.
    public record FakeCertificate(String name) implements DtlsCertificate {
        @Override
        public Fingerprint fingerprint() {
            return Fingerprint.of("sha-256", hash(name));
        }
    }

    private final DtlsCertificate certificate;
    private final Runnable wakeUp;
    private final Deque<byte[]> output = new ArrayDeque<>();
    private final Deque<DtlsEvent> events = new ArrayDeque<>();
    private final Deque<byte[]> early = new ArrayDeque<>();

    private @Nullable DtlsRole role;
    private @Nullable Fingerprint expected;
    private boolean connected;
    private boolean ended;
    private byte[] flight = {};
    private long resendAtNanos = TimerTable.NEVER;
    private long resendNanos = RESEND_NANOS;
    private long giveUpAtNanos = TimerTable.NEVER;
    private boolean armPending;

    public FakeDtlsEndpoint(DtlsCertificate certificate, Runnable wakeUp) {
        this.certificate = certificate;
        this.wakeUp = wakeUp;
    }

    /// Fits `DtlsEndpointFactory`.
    public static DtlsEndpoint create(DtlsCertificate certificate, Runnable wakeUp) {
        return new FakeDtlsEndpoint(certificate, wakeUp);
    }

    @Override
    public void start(DtlsRole ours, Fingerprint expectedRemote) {
        if (role != null) {
            throw new IllegalStateException("started already");
        }
        role = ours;
        expected = expectedRemote;
        if (ours == DtlsRole.CLIENT) {
            startFlight(CLIENT_HELLO);
        }
        while (!early.isEmpty()) {
            handle(ByteBuffer.wrap(early.remove()));
        }
        wakeUp.run();
    }

    /// It has no clock, so the times are set at the next [#handleTimeout], which is asked for at once.
    private void startFlight(byte type) {
        flight = message(type);
        put(flight);
        resendNanos = RESEND_NANOS;
        armPending = true;
    }

    private byte[] message(byte type) {
        byte[] name = certificate.fingerprint().toString().getBytes(StandardCharsets.US_ASCII);
        return record(
                HANDSHAKE,
                ByteBuffer.allocate(1 + name.length).put(type).put(name).flip());
    }

    private static byte[] record(byte type, ByteBuffer body) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + body.remaining());
        bytes.put(type).putShort((short) 0xFEFD).putLong(0).putShort((short) body.remaining());
        return bytes.put(body.duplicate()).array();
    }

    private void put(byte[] datagram) {
        if (output.size() < MOST_WAITING) {
            output.add(datagram);
        }
    }

    @Override
    public void handleDatagram(ByteBuffer borrowed) {
        if (ended || borrowed.remaining() < HEADER_BYTES) {
            return;
        }
        if (role == null) {
            if (early.size() < MOST_WAITING) {
                early.add(copy(borrowed));
            }
            return;
        }
        handle(borrowed.duplicate());
    }

    private void handle(ByteBuffer record) {
        byte type = record.get();
        record.position(record.position() + HEADER_BYTES - 1);
        switch (type) {
            case HANDSHAKE -> handshake(record);
            case APPLICATION -> {
                byte @Nullable [] data = open(copy(record));
                if (connected && data != null && events.size() < MOST_WAITING) {
                    events.add(new DtlsEvent.ApplicationData(ByteBuffer.wrap(data)));
                }
            }
            case ALERT -> alert(record);
            default -> {}
        }
    }

    private void handshake(ByteBuffer message) {
        if (!message.hasRemaining()) {
            return;
        }
        byte type = message.get();
        Fingerprint remote = Fingerprint.parse(new String(copy(message), StandardCharsets.US_ASCII));
        boolean fits = (role == DtlsRole.SERVER) == (type == CLIENT_HELLO || type == CLIENT_FINISH);
        if (remote == null || expected == null || !fits) {
            return;
        }
        if (!remote.equals(expected)) {
            put(record(ALERT, ByteBuffer.wrap(new byte[] {REFUSE})));
            fail("the certificate is not the one the description announced");
            return;
        }
        switch (type) {
            case CLIENT_HELLO -> answer(SERVER_HELLO);
            case SERVER_HELLO -> answer(CLIENT_FINISH);
            case CLIENT_FINISH -> {
                put(message(SERVER_FINISH));
                connect(remote);
            }
            case SERVER_FINISH -> connect(remote);
            default -> {}
        }
    }

    private void answer(byte type) {
        if (!connected) {
            startFlight(type);
        }
    }

    private void connect(Fingerprint remote) {
        stopTimers();
        if (!connected) {
            connected = true;
            String client = (role == DtlsRole.CLIENT ? certificate.fingerprint() : remote).hex();
            String server = (role == DtlsRole.CLIENT ? remote : certificate.fingerprint()).hex();
            byte[] material = ByteBuffer.allocate(64)
                    .put(hash("keys " + client + server))
                    .put(hash("salts " + client + server))
                    .array();
            events.add(new DtlsEvent.Connected(SrtpKeys.split(SrtpKeys.AEAD_AES_128_GCM, material)));
        }
    }

    private void alert(ByteBuffer body) {
        if (!body.hasRemaining()) {
            return;
        }
        if (body.get() == REFUSE) {
            fail("the other side refused the DTLS handshake: bad_certificate");
        } else if (connected) {
            end();
            events.add(new DtlsEvent.Closed());
        }
    }

    private void fail(String reason) {
        if (!ended) {
            end();
            events.add(new DtlsEvent.Failed(reason));
        }
    }

    private void end() {
        ended = true;
        stopTimers();
    }

    private void stopTimers() {
        armPending = false;
        resendAtNanos = TimerTable.NEVER;
        giveUpAtNanos = TimerTable.NEVER;
    }

    @Override
    public boolean pollTransmit(ByteBuffer into) {
        byte @Nullable [] next = output.poll();
        if (next == null) {
            return false;
        }
        into.put(next);
        return true;
    }

    @Override
    public void send(ByteBuffer applicationData) {
        int length = applicationData.remaining();
        if (length == 0 || length > MAX_APPLICATION_BYTES) {
            throw new IllegalArgumentException("a record carries 1 to " + MAX_APPLICATION_BYTES + " bytes");
        }
        if (connected && !ended) {
            put(record(APPLICATION, seal(applicationData)));
        }
    }

    private static ByteBuffer seal(ByteBuffer data) {
        return ByteBuffer.allocate(NONCE_BYTES + data.remaining() + TAG_BYTES)
                .position(NONCE_BYTES)
                .put(data.duplicate())
                .put(hash(copy(data)), 0, TAG_BYTES)
                .flip();
    }

    private static byte @Nullable [] open(byte[] sealed) {
        int end = sealed.length - TAG_BYTES;
        if (end <= NONCE_BYTES) {
            return null;
        }
        byte[] data = Arrays.copyOfRange(sealed, NONCE_BYTES, end);
        return Arrays.equals(hash(data), 0, TAG_BYTES, sealed, end, sealed.length) ? data : null;
    }

    @Override
    public @Nullable DtlsEvent pollEvent() {
        return events.poll();
    }

    @Override
    public void handleTimeout(long nowNanos) {
        if (armPending) {
            armPending = false;
            resendAtNanos = nowNanos + resendNanos;
            giveUpAtNanos = Math.min(giveUpAtNanos, nowNanos + GIVE_UP_NANOS);
        }
        if (nowNanos >= giveUpAtNanos) {
            fail("the DTLS handshake did not end within 30 s: no answer from the other side");
        } else if (nowNanos >= resendAtNanos) {
            put(flight);
            resendNanos = Math.min(2 * resendNanos, LONGEST_RESEND_NANOS);
            resendAtNanos = nowNanos + resendNanos;
        }
    }

    @Override
    public long nextTimeoutNanos() {
        return armPending ? 0 : Math.min(resendAtNanos, giveUpAtNanos);
    }

    @Override
    public void close() {
        if (!ended) {
            if (connected) {
                put(record(ALERT, ByteBuffer.wrap(new byte[] {CLOSE})));
            }
            end();
            events.clear();
        }
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }

    private static byte[] hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
