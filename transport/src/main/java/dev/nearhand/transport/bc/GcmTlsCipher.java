package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.RecordReader;
import dev.nearhand.transport.dtls.RecordWriter;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.impl.TlsImplUtils;
import org.jspecify.annotations.Nullable;

/// AES-GCM for the few protected records of BouncyCastle's handshake, by the reader and the writer that go on
/// afterwards without it: with their keys, their sequence numbers and their window.
///
/// Belongs to the handshake thread until the hand-over.
final class GcmTlsCipher implements TlsCipher {
    private static final int SALT_BYTES = 4;

    private final RecordReader reader;
    private final RecordWriter writer;
    private byte @Nullable [] lastHandshakeMessage;

    /// Takes the keys out of the key block (RFC 5246 section 6.3): those of the client first.
    GcmTlsCipher(TlsCryptoParameters parameters, int keyBytes) {
        byte[] block = TlsImplUtils.calculateKeyBlock(parameters, 2 * (keyBytes + SALT_BYTES));
        byte[] clientKey = Arrays.copyOfRange(block, 0, keyBytes);
        byte[] serverKey = Arrays.copyOfRange(block, keyBytes, 2 * keyBytes);
        byte[] clientSalt = Arrays.copyOfRange(block, 2 * keyBytes, 2 * keyBytes + SALT_BYTES);
        byte[] serverSalt = Arrays.copyOfRange(block, 2 * keyBytes + SALT_BYTES, block.length);
        boolean server = parameters.isServer();
        reader = server ? new RecordReader(clientKey, clientSalt) : new RecordReader(serverKey, serverSalt);
        writer = server ? new RecordWriter(serverKey, serverSalt) : new RecordWriter(clientKey, clientSalt);
    }

    RecordReader reader() {
        return reader;
    }

    RecordWriter writer() {
        return writer;
    }

    /// The last message that was protected, which after a handshake is our Finished.
    byte @Nullable [] lastHandshakeMessage() {
        return lastHandshakeMessage;
    }

    @Override
    public TlsEncodeResult encodePlaintext(
            long number, short type, ProtocolVersion version, int headerBytes, byte[] plain, int from, int length)
            throws TlsFatalAlert {
        if (number != writer.nextNumber()) {
            // two records under one number would give the key away
            throw new TlsFatalAlert(AlertDescription.internal_error, "the sequence numbers of records have parted");
        }
        if (type == ContentType.handshake) {
            lastHandshakeMessage = Arrays.copyOfRange(plain, from, from + length);
        }
        // the writer puts the same header in front that BouncyCastle will
        byte[] record = new byte[headerBytes + getCiphertextEncodeLimit(length)];
        int written = writer.write(type, plain, from, length, record, 0);
        return new TlsEncodeResult(record, 0, written, type);
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
            long number, short type, ProtocolVersion version, byte[] sealed, int from, int length)
            throws TlsFatalAlert {
        byte[] plain = new byte[Math.max(0, getPlaintextDecodeLimit(length))];
        int opened = length < RecordReader.LEAST_BODY_BYTES
                ? RecordReader.NOT_AUTHENTIC
                : reader.open(number, type, sealed, from, length, plain, 0);
        if (opened < 0) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac); // which the record layer takes for a bad record
        }
        return new TlsDecodeResult(plain, 0, opened, type);
    }

    @Override
    public int getCiphertextDecodeLimit(int plainBytes) {
        return plainBytes + RecordReader.LEAST_BODY_BYTES;
    }

    @Override
    public int getCiphertextEncodeLimit(int plainBytes) {
        return plainBytes + RecordReader.LEAST_BODY_BYTES;
    }

    @Override
    public int getPlaintextDecodeLimit(int sealedBytes) {
        return sealedBytes - RecordReader.LEAST_BODY_BYTES;
    }

    @Override
    public int getPlaintextEncodeLimit(int sealedBytes) {
        return sealedBytes - RecordReader.LEAST_BODY_BYTES;
    }

    @Override
    public void rekeyDecoder() throws TlsFatalAlert {
        throw new TlsFatalAlert(AlertDescription.internal_error); // TLS 1.3 alone does
    }

    @Override
    public void rekeyEncoder() throws TlsFatalAlert {
        throw new TlsFatalAlert(AlertDescription.internal_error);
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
        return false;
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
        return false;
    }
}
