package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.DtlsEndpoint;
import dev.nearhand.transport.dtls.DtlsEvent;
import dev.nearhand.transport.dtls.DtlsRole;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Entry to DTLS by BouncyCastle: certificates and endpoints.
public final class BcDtls {
    private static final Logger LOG = LoggerFactory.getLogger(BcDtls.class);
    /// One for all: to find and set up another one for each connection costs more than it ever draws.
    private static final SecureRandom SECRETS = new SecureRandom();

    private static final CertificateStock CERTIFICATES = new CertificateStock(
            now -> BcCertificate.generate(SECRETS, now),
            InstantSource.system(),
            task -> Thread.ofVirtual().name("dtls-certificate").start(task));

    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(20);

    private BcDtls() {}

    /// A new key (ECDSA, P-256) and a certificate that it signs itself, of which each call gives another one.
    /// It was made ahead where there was time; otherwise this takes milliseconds, several hundred the first
    /// time in a process.
    public static DtlsCertificate generateCertificate() {
        return CERTIFICATES.take();
    }

    /// Makes an endpoint; fits `DtlsEndpointFactory`.
    ///
    /// @param certificate one that [#generateCertificate] made
    /// @param wakeUp called from any thread when there is something to poll
    public static DtlsEndpoint endpoint(DtlsCertificate certificate, Runnable wakeUp) {
        if (!(certificate instanceof BcCertificate own)) {
            throw new IllegalArgumentException("the certificate is none that BcDtls made");
        }
        return new BcDtlsEndpoint(own, SECRETS, wakeUp);
    }

    /// One handshake between two ends in memory, which sets the cryptography up; answers whether both connected in
    /// time. Takes half a second the first time in a process.
    public static boolean handshakeInMemory() {
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
