package dev.nearhand.transport.bc;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;

/// The client's answers to what BouncyCastle's handshake asks; called by the handshake thread.
final class ClientPeer extends AbstractTlsClient {
    private final Agreement agreement;

    ClientPeer(Agreement agreement) {
        super(agreement.crypto());
        this.agreement = agreement;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return Agreement.VERSIONS.clone();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return Agreement.CLIENT_SUITES.clone();
    }

    @Override
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector namedGroupRoles) {
        Vector<Integer> groups = new Vector<>();
        groups.add(NamedGroup.x25519);
        groups.add(NamedGroup.secp256r1);
        groups.add(NamedGroup.secp384r1);
        return groups;
    }

    @Override
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return Agreement.signatures();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
        agreement.offerSrtp(extensions);
        return extensions;
    }

    @Override
    public void processServerExtensions(@SuppressWarnings("rawtypes") Hashtable serverExtensions) throws IOException {
        super.processServerExtensions(serverExtensions);
        agreement.acceptSrtp(serverExtensions);
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
                agreement.verifyPeer(certificate.getCertificate());
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return agreement.credentials(context);
            }
        };
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return Agreement.HANDSHAKE_TIMEOUT_MILLIS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return Agreement.RESEND_MILLIS;
    }

    /// Keys cannot be exported safely without it (RFC 7627 section 5.4).
    @Override
    public boolean requiresExtendedMasterSecret() {
        return true;
    }

    /// A self-signed certificate proves nothing by its signature; the fingerprint does.
    @Override
    public boolean shouldCheckSigAlgOfPeerCerts() {
        return false;
    }

    /// Some stacks do not announce secure renegotiation; nobody here renegotiates, so nothing hangs on it.
    @Override
    public void notifySecureRenegotiation(boolean secureRenegotiation) {}

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        agreement.complete(context);
    }
}
