package dev.nearhand.transport.dtls;

import javax.crypto.Cipher;

/// What protects the records of epoch 1 that leave (RFC 6347 section 4.1): AES-GCM, and the one sequence of numbers
/// that both the handshake and what follows it draw from, because no number may protect two records.
///
/// Belongs to one thread at a time.
public final class RecordWriter {
    /// The keys of one handshake, as there is no second.
    static final long EPOCH = 1L << 48;

    private final AesGcmRecords cipher;
    private long nextSequence;

    /// @param key 16 or 32 bytes
    /// @param salt the implicit four bytes of the nonce
    public RecordWriter(byte[] key, byte[] salt) {
        this(key, salt, 0);
    }

    RecordWriter(byte[] key, byte[] salt, long firstSequence) {
        cipher = new AesGcmRecords(Cipher.ENCRYPT_MODE, key, salt);
        nextSequence = firstSequence;
    }

    /// Epoch and sequence number of the next record.
    public long nextNumber() {
        return EPOCH | nextSequence;
    }

    /// Whether all numbers have been used: then nothing can be sent any more.
    boolean isExhausted() {
        return nextSequence > RecordHeader.LAST_SEQUENCE;
    }

    /// Writes a record with its header into `out`, another array than `plain`.
    ///
    /// @param type the type of content, RFC 5246 section 6.2.1
    /// @return how many bytes were written: [DtlsEndpoint#OVERHEAD_BYTES] more than `length`
    /// @throws IllegalStateException when all sequence numbers have been used
    public int write(int type, byte[] plain, int from, int length, byte[] out, int at) {
        if (isExhausted()) {
            throw new IllegalStateException("all sequence numbers have been used");
        }
        long number = EPOCH | nextSequence++;
        int sealed = cipher.seal(number, type, plain, from, length, out, at + RecordHeader.BYTES);
        RecordHeader.put(out, at, type, number, sealed);
        return RecordHeader.BYTES + sealed;
    }
}
