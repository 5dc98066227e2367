package dev.nearhand.transport.dtls;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The records of an association whose handshake is complete (RFC 6347 section 4.1, AES-GCM of RFC 5288): data both
/// ways, alerts, and the answer to a peer that missed the end of the handshake.
///
/// No second handshake begins here: what would begin one is refused. What cannot be read is dropped and counted, so
/// that nobody without the keys can end anything. Belongs to one thread; reuses its buffers, so that what an event
/// shows is valid until the next call.
public final class RecordLayer {
    /// Longer records are not let in; no path of ours carries them.
    public static final int LONGEST_RECORD_BYTES = 4_096;

    /// Alerts, repeated flights and last words that wait to be sent; when full, the newest is dropped, as the network
    /// may do with any of them.
    static final int MOST_WAITING = 64;

    private static final int USUAL_DATAGRAM_BYTES = 1_536;
    private static final int EPOCH = RecordHeader.epoch(RecordWriter.EPOCH);
    private static final int HELLO_REQUEST = 0;
    private static final int CLIENT_HELLO = 1;
    private static final int FINISHED = 20;

    private final RecordReader reader;
    private final RecordWriter writer;
    private final byte @Nullable [] lastFinished;
    private long nextPlainSequence;

    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final Map<DtlsDropReason, Long> drops = new EnumMap<>(DtlsDropReason.class);
    /// Enough for what an Ethernet carries; a path that carries more has larger ones made.
    private byte[] arrived = new byte[USUAL_DATAGRAM_BYTES];

    private int unreadAt;
    private int unreadEnd;
    private byte[] opened = new byte[USUAL_DATAGRAM_BYTES];
    private ByteBuffer data = ByteBuffer.wrap(opened);
    private DtlsEvent.ApplicationData dataEvent = new DtlsEvent.ApplicationData(data);
    private byte[] aside = {};
    private boolean over;
    private @Nullable DtlsEvent failure;

    /// @param lastFinished our Finished message, when the last flight of the handshake was ours
    /// @param nextPlainSequence the next sequence number of epoch 0, for that flight's ChangeCipherSpec
    public RecordLayer(
            RecordReader reader, RecordWriter writer, byte @Nullable [] lastFinished, long nextPlainSequence) {
        this.reader = reader;
        this.writer = writer;
        this.lastFinished = lastFinished;
        this.nextPlainSequence = nextPlainSequence;
    }

    /// Whether records of the last datagram wait for [#pollEvent]; there must be none when the next one is handed in.
    public boolean hasUnread() {
        return unreadAt < unreadEnd;
    }

    /// Takes a datagram, copying it.
    public void handleDatagram(ByteBuffer borrowed) {
        int length = borrowed.remaining();
        if (over) {
            return;
        }
        if (length > LONGEST_RECORD_BYTES) {
            drop(DtlsDropReason.TOO_LONG);
            return;
        }
        if (length > arrived.length) {
            arrived = new byte[LONGEST_RECORD_BYTES];
            opened = new byte[LONGEST_RECORD_BYTES];
            data = ByteBuffer.wrap(opened);
            dataEvent = new DtlsEvent.ApplicationData(data);
        }
        borrowed.get(borrowed.position(), arrived, 0, length);
        unreadAt = 0;
        unreadEnd = length;
    }

    /// Reads on until a record has something to tell; null when the datagram is read to its end. The buffer of an
    /// [DtlsEvent.ApplicationData] is this object's, and valid until the next call of any method.
    public @Nullable DtlsEvent pollEvent() {
        if (failure != null) {
            DtlsEvent last = failure;
            failure = null;
            return last;
        }
        while (hasUnread()) {
            DtlsEvent event = readRecord();
            if (event != null) {
                return event;
            }
        }
        return null;
    }

    private @Nullable DtlsEvent readRecord() {
        int at = unreadAt;
        int body = at + RecordHeader.BYTES;
        if (body > unreadEnd || body + RecordHeader.length(arrived, at) > unreadEnd) {
            unreadAt = unreadEnd;
            return drop(DtlsDropReason.MALFORMED);
        }
        int length = RecordHeader.length(arrived, at);
        unreadAt = body + length;
        int type = RecordHeader.type(arrived, at);
        long number = RecordHeader.number(arrived, at);
        DtlsDropReason reason = reasonToDrop(type, RecordHeader.version(arrived, at), number, length);
        if (reason != null) {
            return drop(reason);
        }
        int plain = reader.open(number, type, arrived, body, length, opened, 0);
        return plain < 0 ? drop(DtlsDropReason.NOT_AUTHENTIC) : take(type, plain);
    }

    private @Nullable DtlsDropReason reasonToDrop(int type, int version, long number, int length) {
        if (version != RecordHeader.VERSION
                || type < RecordHeader.CHANGE_CIPHER_SPEC
                || type > RecordHeader.APPLICATION_DATA) {
            return DtlsDropReason.OTHER_PROTOCOL;
        }
        if (RecordHeader.epoch(number) != EPOCH) {
            return DtlsDropReason.OTHER_EPOCH;
        }
        if (length < RecordReader.LEAST_BODY_BYTES) {
            return DtlsDropReason.TOO_SHORT;
        }
        long sequence = RecordHeader.sequence(number);
        if (reader.window().isTooOld(sequence)) {
            return DtlsDropReason.TOO_OLD;
        }
        return reader.window().hasSeen(sequence) ? DtlsDropReason.REPLAYED : null;
    }

    private @Nullable DtlsEvent drop(DtlsDropReason reason) {
        drops.merge(reason, 1L, Long::sum);
        return null;
    }

    private @Nullable DtlsEvent take(int type, int length) {
        return switch (type) {
            // "Zero-length fragments of application data MAY be sent" (RFC 5246 section 6.2.1) and tell nothing
            case RecordHeader.APPLICATION_DATA -> length == 0 ? null : show(length);
            case RecordHeader.ALERT -> takeAlert(length);
            case RecordHeader.HANDSHAKE -> takeHandshake(length);
            default -> drop(DtlsDropReason.UNEXPECTED);
        };
    }

    private DtlsEvent show(int length) {
        data.clear().limit(length);
        return dataEvent;
    }

    private @Nullable DtlsEvent takeAlert(int length) {
        if (length != RecordAlert.BYTES) {
            return drop(DtlsDropReason.UNEXPECTED);
        }
        int description = opened[1] & 0xFF;
        if (opened[0] == RecordAlert.FATAL) {
            end();
            return new DtlsEvent.Failed("the other side ended the DTLS association: " + RecordAlert.name(description));
        }
        if (description == RecordAlert.CLOSE_NOTIFY) {
            // "The other party MUST respond with a close_notify alert of its own"
            // (https://www.rfc-editor.org/rfc/rfc5246#section-7.2.1)
            sendAlert(RecordAlert.CLOSE_NOTIFY);
            end();
            return new DtlsEvent.Closed();
        }
        return null; // any other warning changes nothing
    }

    private @Nullable DtlsEvent takeHandshake(int length) {
        int message = length == 0 ? -1 : opened[0] & 0xFF;
        switch (message) {
            case FINISHED -> repeatLastFlight();
            case HELLO_REQUEST, CLIENT_HELLO -> {
                drop(DtlsDropReason.RENEGOTIATION);
                sendAlert(RecordAlert.NO_RENEGOTIATION);
            }
            default -> drop(DtlsDropReason.UNEXPECTED);
        }
        return null;
    }

    /// "When in the FINISHED state, the node that transmits the last flight … MUST respond to a retransmit of the
    /// peer's last flight with a retransmit of the last flight" ([RFC 6347 section
    /// 4.2.4](https://www.rfc-editor.org/rfc/rfc6347#section-4.2.4)). Their Finished stands for their flight: it is
    /// the only message of it that nobody else can have written.
    private void repeatLastFlight() {
        byte[] finished = lastFinished;
        if (finished == null || writer.isExhausted()) {
            return;
        }
        byte[] flight = new byte[RecordHeader.BYTES + 1 + DtlsEndpoint.OVERHEAD_BYTES + finished.length];
        // a record that is sent again has a number of its own; both go together, so that neither overtakes the other
        RecordHeader.put(flight, 0, RecordHeader.CHANGE_CIPHER_SPEC, nextPlainSequence++, 1);
        flight[RecordHeader.BYTES] = 1;
        writer.write(RecordHeader.HANDSHAKE, finished, 0, finished.length, flight, RecordHeader.BYTES + 1);
        enqueue(flight);
    }

    /// Writes one record of application data straight into `into`, from its position on, and advances it. False, and
    /// nothing written, when the association is over.
    ///
    /// @throws IllegalArgumentException when there are none or more than [DtlsEndpoint#MAX_APPLICATION_BYTES]
    ///     remaining bytes, or `into` is too small
    public boolean protect(ByteBuffer applicationData, ByteBuffer into) {
        int length = DtlsEndpoint.checkedLength(applicationData);
        if (!canSend()) {
            return false;
        }
        if (into.remaining() < length + DtlsEndpoint.OVERHEAD_BYTES) {
            throw new IllegalArgumentException(into.remaining() + " bytes are too few for a record of " + length);
        }
        byte[] plain = applicationData.hasArray() ? applicationData.array() : copyAside(applicationData);
        int from = applicationData.hasArray() ? applicationData.arrayOffset() + applicationData.position() : 0;
        if (into.hasArray() && into.array() != plain) {
            int written = writer.write(
                    RecordHeader.APPLICATION_DATA,
                    plain,
                    from,
                    length,
                    into.array(),
                    into.arrayOffset() + into.position());
            into.position(into.position() + written);
        } else {
            into.put(record(RecordHeader.APPLICATION_DATA, plain, from, length));
        }
        return true;
    }

    private byte[] copyAside(ByteBuffer bytes) {
        if (aside.length < bytes.remaining()) {
            aside = new byte[DtlsEndpoint.MAX_APPLICATION_BYTES];
        }
        bytes.get(bytes.position(), aside, 0, bytes.remaining());
        return aside;
    }

    /// Queues one record of application data for [#pollTransmit]; nothing when the association is over.
    ///
    /// @throws IllegalArgumentException as [#protect] does
    public void send(ByteBuffer applicationData) {
        int length = DtlsEndpoint.checkedLength(applicationData);
        if (canSend()) {
            enqueue(record(RecordHeader.APPLICATION_DATA, copyAside(applicationData), 0, length));
        }
    }

    private boolean canSend() {
        if (!over && writer.isExhausted()) {
            // "implementations MUST abandon an association or rehandshake prior to allowing the sequence number to
            // wrap" (https://www.rfc-editor.org/rfc/rfc6347#section-4.1)
            end();
            failure = new DtlsEvent.Failed("the DTLS association has used all its sequence numbers");
        }
        return !over;
    }

    private void sendAlert(int description) {
        if (!over && !writer.isExhausted()) {
            enqueue(record(
                    RecordHeader.ALERT, new byte[] {RecordAlert.WARNING, (byte) description}, 0, RecordAlert.BYTES));
        }
    }

    private byte[] record(int type, byte[] plain, int from, int length) {
        byte[] record = new byte[length + DtlsEndpoint.OVERHEAD_BYTES];
        writer.write(type, plain, from, length, record, 0);
        return record;
    }

    private void enqueue(byte[] datagram) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(datagram);
        }
    }

    /// Writes the next datagram that waits into `into`; false when none does. Data of [#protect] never waits.
    public boolean pollTransmit(ByteBuffer into) {
        byte @Nullable [] next = waiting.poll();
        if (next == null) {
            return false;
        }
        into.put(next);
        return true;
    }

    /// Says goodbye with a close_notify, which waits for [#pollTransmit] and always finds room, and ends. Closing twice
    /// does no harm.
    public void close() {
        if (waiting.size() >= MOST_WAITING) {
            waiting.removeLast();
        }
        sendAlert(RecordAlert.CLOSE_NOTIFY);
        end();
        failure = null;
    }

    private void end() {
        over = true;
        unreadAt = unreadEnd;
    }

    /// How many records were not let in, by reason; those that never happened are missing.
    public Map<DtlsDropReason, Long> drops() {
        return new EnumMap<>(drops);
    }
}
