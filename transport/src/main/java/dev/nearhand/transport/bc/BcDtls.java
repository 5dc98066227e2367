package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Entry to DTLS by BouncyCastle: certificates, endpoints, and the warm-up that takes the first handshake's cost.
public final class BcDtls {
    private static final Logger LOG = LoggerFactory.getLogger(BcDtls.class);
    private static final AtomicBoolean WARM = new AtomicBoolean();
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(20);

    private BcDtls() {}

    /// Makes a new key (ECDSA, P-256) and a certificate that it signs itself. A few milliseconds when warm, several
    /// hundred the first time in a process.
    public static DtlsCertificate generateCertificate() {
        return BcCertificate.generate(new SecureRandom(), Instant.now());
    }

    /// Makes an endpoint; fits `DtlsEndpointFactory`.
    ///
    /// @param certificate one that [#generateCertificate] made
    /// @param wakeUp called from any thread when there is something to poll
    public static DtlsEndpoint endpoint(DtlsCertificate certificate, Runnable wakeUp) {
        if (!(certificate instanceof BcCertificate own)) {
            throw new IllegalArgumentException("the certificate is none that BcDtls made");
        }
        return new BcDtlsEndpoint(own, wakeUp);
    }

    /// Begins one handshake in memory on a thread of its own, once per process; returns at once.
    public static void warmUp() {
        if (WARM.compareAndSet(false, true)) {
            Thread.ofVirtual().name("dtls-warm-up").start(BcDtls::handshakeInMemory);
        }
    }

    /// Whether both ends connected in time.
    static boolean handshakeInMemory() {
        Semaphore work = new Semaphore(0);
        DtlsCertificate certificate = generateCertificate();
        try (DtlsEndpoint client = endpoint(certificate, work::release);
                DtlsEndpoint server = endpoint(certificate, work::release)) {
            client.start(DtlsRole.CLIENT, certificate.fingerprint());
            server.start(DtlsRole.SERVER, certificate.fingerprint());
            ByteBuffer datagram = ByteBuffer.allocate(DtlsEndpoint.MTU_BYTES);
            int connected = 0;
            while (connected < 2 && work.tryAcquire(LONGEST_WARM_UP.toSeconds(), TimeUnit.SECONDS)) {
                carry(client, server, datagram);
                carry(server, client, datagram);
                connected += connected(client) + connected(server);
            }
            return connected == 2;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.warn("warming up DTLS failed; the first connection will be slower", failure);
        }
        return false;
    }

    private static void carry(DtlsEndpoint from, DtlsEndpoint to, ByteBuffer datagram) {
        while (from.pollTransmit(datagram.clear())) {
            to.handleDatagram(datagram.flip());
        }
    }

    private static int connected(DtlsEndpoint endpoint) {
        return endpoint.pollEvent() instanceof DtlsEvent.Connected ? 1 : 0;
    }
}
