package dev.nearhand.transport.bc;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsExtensionsUtils;

/// The server's answers to what BouncyCastle's handshake asks; called by the handshake thread.
final class ServerPeer extends DefaultTlsServer {
    private final Agreement agreement;

    ServerPeer(Agreement agreement) {
        super(agreement.crypto());
        this.agreement = agreement;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return Agreement.VERSIONS.clone();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return Agreement.SERVER_SUITES.clone();
    }

    @Override
    public int[] getSupportedGroups() {
        return new int[] {NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1};
    }

    @Override
    public void processClientExtensions(@SuppressWarnings("rawtypes") Hashtable clientExtensions) throws IOException {
        super.processClientExtensions(clientExtensions);
        if (clientExtensions != null) {
            agreement.chooseSrtp(clientExtensions);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
        Hashtable<Integer, byte[]> extensions = super.getServerExtensions();
        agreement.answerSrtp(extensions);
        // a wish for short records is not met (RFC 6066 section 4 allows that): SCTP's packets would not fit them
        extensions.remove(TlsExtensionsUtils.EXT_max_fragment_length);
        return extensions;
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
        return agreement.credentials(context);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
        return new CertificateRequest(types, Agreement.signatures(), null);
    }

    @Override
    public void notifyClientCertificate(Certificate certificate) throws IOException {
        agreement.verifyPeer(certificate);
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
