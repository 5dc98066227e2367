package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.Fingerprint;
import dev.nearhand.transport.dtls.SrtpKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.jspecify.annotations.Nullable;

/// What client and server have in common: what we offer, whom we trust, and what came out of the handshake.
///
/// Written by the handshake thread only, read by the event loop after the hand-over.
final class Agreement {
    /// The first resend comes after this, then after twice as long each time: RFC 6347 section 4.2.4.1 recommends one
    /// second and allows less where round trips are known to be short; media peers cannot wait a second.
    static final int RESEND_MILLIS = 200;

    static final int HANDSHAKE_TIMEOUT_MILLIS = 30_000;

    static final ProtocolVersion[] VERSIONS = ProtocolVersion.DTLSv12.only();

    /// Those that authenticate with our own, ECDSA, certificate.
    static final int[] SERVER_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    };

    static final int[] CLIENT_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    };

    private static final int[] SRTP_PROFILES = {SrtpKeys.AEAD_AES_128_GCM, SrtpKeys.AES128_CM_HMAC_SHA1_80};
    private static final byte[] NO_MKI = {};

    private static final SignatureAndHashAlgorithm OURS =
            SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

    private final BcCertificate certificate;
    private final Fingerprint expectedRemote;
    private final HandshakeCrypto crypto;
    private boolean peerVerified;
    private int srtpProfile;
    private @Nullable SrtpKeys keys;

    Agreement(BcCertificate certificate, Fingerprint expectedRemote, SecureRandom random) {
        this.certificate = certificate;
        this.expectedRemote = expectedRemote;
        this.crypto = new HandshakeCrypto(random);
    }

    HandshakeCrypto crypto() {
        return crypto;
    }

    /// Those that the event loop goes on with; null when no SRTP profile was agreed on.
    @Nullable
    SrtpKeys keys() {
        return keys;
    }

    TlsCredentialedSigner credentials(TlsContext context) throws IOException {
        TlsCertificate own = new BcTlsCertificate(crypto, certificate.parsed());
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                crypto,
                certificate.key(),
                new Certificate(new TlsCertificate[] {own}),
                OURS);
    }

    /// What a peer may sign with. RSA-PSS is not among them: whoever has an RSA certificate can sign the old way, too.
    static Vector<SignatureAndHashAlgorithm> signatures() {
        Vector<SignatureAndHashAlgorithm> all = new Vector<>();
        all.add(OURS);
        for (short hash : new short[] {HashAlgorithm.sha256, HashAlgorithm.sha384, HashAlgorithm.sha512}) {
            all.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.rsa));
        }
        all.add(SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa));
        return all;
    }

    /// "If the fingerprint does not match the hashed certificate, then the endpoint MUST tear down the media session"
    /// ([RFC 8122 section 6.2](https://www.rfc-editor.org/rfc/rfc8122#section-6.2)): it ends here, before any key.
    void verifyPeer(@Nullable Certificate chain) throws IOException {
        if (chain == null || chain.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "the other side showed no certificate");
        }
        byte[] der = chain.getCertificateAt(0).getEncoded();
        Fingerprint actual;
        try {
            actual = BcCertificate.fingerprint(expectedRemote.algorithm(), der);
        } catch (GeneralSecurityException unknown) {
            throw new TlsFatalAlert(
                    AlertDescription.bad_certificate, "the description's fingerprint uses an unknown hash", unknown);
        }
        if (!MessageDigest.isEqual(bytes(actual), bytes(expectedRemote))) {
            throw new TlsFatalAlert(
                    AlertDescription.bad_certificate, "the certificate is not the one the description announced");
        }
        peerVerified = true;
    }

    private static byte[] bytes(Fingerprint fingerprint) {
        return fingerprint.hex().getBytes(StandardCharsets.US_ASCII);
    }

    void offerSrtp(Hashtable<Integer, byte[]> extensions) throws IOException {
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(SRTP_PROFILES, NO_MKI));
    }

    /// The server's side: the first of our profiles that the client offers.
    void chooseSrtp(Hashtable<?, ?> clientExtensions) throws IOException {
        UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
        if (offered != null) {
            for (int ours : SRTP_PROFILES) {
                if (srtpProfile == 0 && contains(offered.getProtectionProfiles(), ours)) {
                    srtpProfile = ours;
                }
            }
        }
    }

    void answerSrtp(Hashtable<Integer, byte[]> extensions) throws IOException {
        if (srtpProfile != 0) {
            TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(new int[] {srtpProfile}, NO_MKI));
        }
    }

    /// The client's side: "if there is not exactly one, or it was not offered, the client MUST abort"
    /// ([RFC 5764 section 4.1.3](https://www.rfc-editor.org/rfc/rfc5764#section-4.1.3)).
    void acceptSrtp(@Nullable Hashtable<?, ?> serverExtensions) throws IOException {
        UseSRTPData answered = serverExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
        if (answered == null) {
            return;
        }
        int[] profiles = answered.getProtectionProfiles();
        if (profiles.length != 1 || !contains(SRTP_PROFILES, profiles[0]) || answered.getMki().length != 0) {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter, "the answer to use_srtp was not offered");
        }
        srtpProfile = profiles[0];
    }

    private static boolean contains(int[] values, int wanted) {
        for (int value : values) {
            if (value == wanted) {
                return true;
            }
        }
        return false;
    }

    void complete(TlsContext context) throws IOException {
        if (!peerVerified) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "the other side showed no certificate");
        }
        if (srtpProfile != 0) {
            int length = SrtpKeys.materialBytes(srtpProfile);
            keys = SrtpKeys.split(srtpProfile, context.exportKeyingMaterial(SrtpKeys.EXPORTER_LABEL, null, length));
        }
    }
}
