package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsEndpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/// The two queues of datagrams between the event loop and BouncyCastle.
///
/// BouncyCastle's side belongs to the handshake thread first, whose `receive` waits, and to the event loop after
/// [#handOver], whose `receive` never waits. The loop's side may be used at any time.
final class DatagramQueues implements DatagramTransport {
    /// When full, the newest datagram is dropped, as a socket's buffer would.
    static final int INBOX_DATAGRAMS = 256;

    /// When full, the newest datagram is dropped: the loop drains it after each call, so it only fills when nobody
    /// does.
    static final int OUTBOX_DATAGRAMS = 1_024;

    /// Longer ones are not let in; no path of ours carries them, and BouncyCastle reserves so much per call.
    static final int RECEIVE_LIMIT_BYTES = 4_096;

    /// Wakes a `receive` that waits when the endpoint closes.
    private static final byte[] CLOSED = {};

    private static final InterruptedIOException NOTHING_QUEUED = new NothingQueued();

    private final BlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(INBOX_DATAGRAMS);
    private final BlockingQueue<byte[]> outbox = new ArrayBlockingQueue<>(OUTBOX_DATAGRAMS);
    private final Runnable wakeUp;
    private volatile boolean closed;

    // both belong to whoever owns BouncyCastle's side
    private final ByteBuffer flight = ByteBuffer.allocate(DtlsEndpoint.LARGEST_BYTES);
    private boolean handedOver;

    /// What a pump finds at the end of the queue; made once, because it is thrown for every datagram.
    private static final class NothingQueued extends InterruptedIOException {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    DatagramQueues(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /// The loop's side: a datagram has arrived. False when it was dropped.
    boolean offer(ByteBuffer borrowed) {
        int length = borrowed.remaining();
        // the record layer takes the limit less the cost of the cipher
        if (length == 0 || length > RECEIVE_LIMIT_BYTES - 64) {
            return false;
        }
        byte[] copy = new byte[length];
        borrowed.get(borrowed.position(), copy);
        return inbox.offer(copy);
    }

    boolean hasInput() {
        return !inbox.isEmpty();
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

    /// From now on the event loop owns BouncyCastle's side.
    void handOver() {
        handedOver = true;
    }

    @Override
    public int getReceiveLimit() {
        return RECEIVE_LIMIT_BYTES;
    }

    @Override
    public int getSendLimit() {
        return handedOver ? DtlsEndpoint.LARGEST_BYTES : DtlsEndpoint.MTU_BYTES;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        flush();
        byte @Nullable [] datagram = handedOver ? inbox.poll() : await(waitMillis);
        if (datagram == null && handedOver) {
            throw NOTHING_QUEUED;
        }
        if (datagram == null || datagram.length > length) {
            return -1;
        }
        System.arraycopy(datagram, 0, buffer, offset, datagram.length);
        return datagram.length;
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
        if (handedOver) {
            flush();
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
