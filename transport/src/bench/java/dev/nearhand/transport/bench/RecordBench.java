package dev.nearhand.transport.bench;

import dev.nearhand.transport.bc.BcDtls;
import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What a DTLS record costs, beside the least that it can: the JDK's AES-128-GCM alone, on arrays of the same length.
///
/// Two endpoints shake hands in memory; then one protects packets of 1,160 bytes and the other opens them, each as the
/// event loop does. Prints a [CostTable]; needs no arguments.
public final class RecordBench {
    private static final int PACKET_BYTES = 1_160;
    private static final int TAG_BITS = 128;
    private static final int PACKETS = 20_000;

    private final DtlsEndpoint client;
    private final DtlsEndpoint server;
    private final ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES);
    private final ByteBuffer records = ByteBuffer.allocate(PACKETS * (PACKET_BYTES + DtlsEndpoint.OVERHEAD_BYTES));
    private final ByteBuffer lent = ByteBuffer.allocate(2_048);
    /// What sockets hand over.
    private final ByteBuffer arrived = ByteBuffer.allocateDirect(2_048);

    private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
    private final byte[] nonce = new byte[12];
    private final byte[] additional = new byte[13];
    private final byte[] output = new byte[2_048];
    private long nonces;

    private RecordBench() throws InterruptedException, GeneralSecurityException {
        Semaphore work = new Semaphore(0);
        DtlsCertificate certificate = BcDtls.generateCertificate();
        client = BcDtls.endpoint(certificate, work::release);
        server = BcDtls.endpoint(certificate, work::release);
        client.start(DtlsRole.CLIENT, certificate.fingerprint());
        server.start(DtlsRole.SERVER, certificate.fingerprint());
        int connected = 0;
        while (connected < 2) {
            if (!work.tryAcquire(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the handshake did not end");
            }
            carry(client, server);
            carry(server, client);
            connected += client.pollEvent() instanceof DtlsEvent.Connected ? 1 : 0;
            connected += server.pollEvent() instanceof DtlsEvent.Connected ? 1 : 0;
        }
        carry(server, client);
    }

    private void carry(DtlsEndpoint from, DtlsEndpoint to) {
        while (from.pollTransmit(lent.clear())) {
            to.handleDatagram(lent.flip());
        }
    }

    /// Runs the bench.
    public static void main(String[] arguments) throws Exception {
        new RecordBench().run();
    }

    private void run() throws Exception {
        new CostTable("packet of 1,160 bytes", PACKETS)
                .floor("AES-128-GCM alone, sealing", this::sealAlone)
                .line("protect", this::protect)
                .floor("AES-128-GCM alone, opening", this::openAlone)
                .line("receive", this::open)
                .print();
    }

    private void sealAlone() throws GeneralSecurityException {
        for (int i = 0; i < PACKETS; i++) {
            begin(Cipher.ENCRYPT_MODE, ++nonces);
            cipher.doFinal(packet.array(), 0, PACKET_BYTES, output, 0);
        }
    }

    private void openAlone() throws GeneralSecurityException {
        begin(Cipher.ENCRYPT_MODE, ++nonces);
        byte[] sealed = cipher.doFinal(packet.array(), 0, PACKET_BYTES);
        for (int i = 0; i < PACKETS; i++) {
            begin(Cipher.DECRYPT_MODE, nonces);
            cipher.doFinal(sealed, 0, sealed.length, output, 0);
        }
    }

    private void begin(int mode, long number) throws GeneralSecurityException {
        ByteBuffer.wrap(nonce).putLong(4, number);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(additional);
    }

    /// Leaves its records to [#open].
    private void protect() {
        records.clear();
        for (int i = 0; i < PACKETS; i++) {
            client.protect(packet, records);
        }
        records.flip();
    }

    private void open() {
        int opened = 0;
        int record = PACKET_BYTES + DtlsEndpoint.OVERHEAD_BYTES;
        for (int i = 0; i < PACKETS; i++) {
            server.handleDatagram(
                    arrived.clear().put(0, records, i * record, record).limit(record));
            for (DtlsEvent event = server.pollEvent(); event != null; event = server.pollEvent()) {
                opened++;
            }
        }
        if (opened != PACKETS) {
            throw new IllegalStateException(opened + " records were opened");
        }
    }
}
