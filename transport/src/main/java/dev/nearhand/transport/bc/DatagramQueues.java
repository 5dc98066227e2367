package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.RecordLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/// The two queues of datagrams between the event loop and BouncyCastle's handshake.
///
/// BouncyCastle's side belongs to the handshake thread; the loop's side may be used at any time. BouncyCastle is given
/// one record at a time, so that after the handshake whatever it has not asked for is still here; and none with
/// application data, which may overtake the end of the handshake and would be thrown away.
final class DatagramQueues implements DatagramTransport {
    /// When full, the newest datagram is dropped, as a socket's buffer would.
    static final int INBOX_DATAGRAMS = 256;

    /// When full, the newest datagram is dropped: the loop drains it after each call, so it only fills when nobody
    /// does.
    static final int OUTBOX_DATAGRAMS = 1_024;

    /// When full, the newest record is dropped. They are not authenticated yet.
    static final int EARLY_RECORDS = 64;

    private static final int RECORD_HEADER_BYTES = 13;
    private static final int EPOCH_AT = 3;
    private static final int LENGTH_AT = 11;

    /// Wakes a `receive` that waits when the endpoint closes.
    private static final byte[] CLOSED = {};

    private final BlockingQueue<byte[]> inbox = new LinkedBlockingQueue<>(INBOX_DATAGRAMS);
    private final BlockingQueue<byte[]> outbox = new LinkedBlockingQueue<>(OUTBOX_DATAGRAMS);
    private final Runnable wakeUp;
    private volatile boolean closed;

    // these belong to the handshake thread, and to the loop when that has ended
    private final Deque<byte[]> early = new ArrayDeque<>();
    private final ByteBuffer flight = ByteBuffer.allocate(DtlsEndpoint.MTU_BYTES);
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private long nextPlainSequence;

    DatagramQueues(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /// The loop's side: a datagram of whole records has arrived. False when it was dropped.
    boolean offer(ByteBuffer borrowed) {
        int length = borrowed.remaining();
        if (length == 0 || length > RecordLayer.LONGEST_RECORD_BYTES) {
            return false;
        }
        byte[] copy = new byte[length];
        borrowed.get(borrowed.position(), copy);
        return inbox.offer(copy);
    }

    /// The loop's side, after the handshake: what BouncyCastle has not asked for, oldest first; null when all is taken.
    byte @Nullable [] pollInput() {
        byte @Nullable [] record = early.poll();
        if (record != null) {
            return record;
        }
        if (unread.hasRemaining()) {
            byte[] rest = new byte[unread.remaining()];
            unread.get(rest);
            return rest;
        }
        return inbox.poll();
    }

    /// Whether [#pollInput] has something; after the handshake.
    boolean hasInput() {
        return !early.isEmpty() || unread.hasRemaining() || !inbox.isEmpty();
    }

    /// The loop's side: the next datagram to send, or null.
    byte @Nullable [] pollOutput() {
        return outbox.poll();
    }

    /// The loop's side: the handshake thread, if it waits, ends.
    void shut() {
        closed = true;
        inbox.offer(CLOSED);
    }

    /// The sequence number that the next record of epoch 0 would have; after the handshake.
    long nextPlainSequence() {
        return nextPlainSequence;
    }

    /// BouncyCastle reserves so much per call.
    @Override
    public int getReceiveLimit() {
        return RecordLayer.LONGEST_RECORD_BYTES;
    }

    @Override
    public int getSendLimit() {
        return DtlsEndpoint.MTU_BYTES;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        flush();
        if (!unread.hasRemaining()) {
            byte[] datagram = await(waitMillis);
            if (datagram == null) {
                return -1;
            }
            unread = ByteBuffer.wrap(datagram);
        }
        int type = unread.get(unread.position()) & 0xFF;
        byte[] record = new byte[RECORD_HEADER_BYTES + (unread.getShort(unread.position() + LENGTH_AT) & 0xFFFF)];
        unread.get(record);
        if (type == ContentType.application_data) {
            if (early.size() < EARLY_RECORDS) {
                early.add(record);
            }
            return -1;
        }
        if (record.length > length) {
            return -1;
        }
        System.arraycopy(record, 0, buffer, offset, record.length);
        return record.length;
    }

    private byte @Nullable [] await(int waitMillis) throws IOException {
        try {
            byte @Nullable [] datagram = inbox.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (closed) {
                throw new TlsTimeoutException("closed before the handshake was complete");
            }
            return datagram;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new TlsTimeoutException("interrupted");
        }
    }

    /// Records of one flight share datagrams, as RFC 6347 section 4.1.1 allows: a flight of several small records is
    /// then lost or reordered as one, ChangeCipherSpec and Finished above all.
    @Override
    public void send(byte[] buffer, int offset, int length) {
        if (flight.position() + length > DtlsEndpoint.MTU_BYTES) {
            flush();
        }
        flight.put(buffer, offset, length);
        ByteBuffer record = ByteBuffer.wrap(buffer, offset, length).slice();
        if (record.getShort(EPOCH_AT) == 0) {
            nextPlainSequence = record.getLong(EPOCH_AT) + 1;
        }
    }

    /// Lets go of the records that wait for company.
    void flush() {
        if (flight.position() > 0) {
            outbox.offer(Arrays.copyOf(flight.array(), flight.position()));
            flight.clear();
            wakeUp.run();
        }
    }

    /// Called by BouncyCastle after its last record; the queues live on until that is polled.
    @Override
    public void close() {
        flush();
    }
}
