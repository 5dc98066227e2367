package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.Fingerprint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A key of ECDSA on P-256 and the certificate that it signs itself: "implementations MUST support" this kind
/// (RFC 8827 section 6.5). Nobody verifies its dates or names, the fingerprint in the description is all that counts;
/// so it names nobody, and its serial number is random, as browsers make theirs.
///
/// @param parsed read once, not in each handshake
record BcCertificate(X509Certificate parsed, PrivateKey key, Fingerprint fingerprint) implements DtlsCertificate {
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final Duration VALID = Duration.ofDays(30);
    private static final int SERIAL_BITS = 64;

    static BcCertificate generate(SecureRandom random, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=WebRTC");
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    name,
                    // "a positive integer": https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2
                    new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(VALID)),
                    name,
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA")
                            .setSecureRandom(random)
                            .build(pair.getPrivate()))
                    .getEncoded();
            return new BcCertificate(parse(der), pair.getPrivate(), fingerprint("sha-256", der));
        } catch (GeneralSecurityException | OperatorCreationException | IOException failure) {
            throw new IllegalStateException("this Java runtime cannot make an ECDSA P-256 certificate", failure);
        }
    }

    private static X509Certificate parse(byte[] der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    /// @throws GeneralSecurityException when the algorithm is none that a certificate may be hashed with
    static Fingerprint fingerprint(String algorithm, byte[] der) throws GeneralSecurityException {
        String digest =
                switch (algorithm) {
                    case "sha-1" -> "SHA-1";
                    case "sha-224" -> "SHA-224";
                    case "sha-256" -> "SHA-256";
                    case "sha-384" -> "SHA-384";
                    case "sha-512" -> "SHA-512";
                    default -> throw new GeneralSecurityException("no hash for certificates: " + algorithm);
                };
        return Fingerprint.of(algorithm, MessageDigest.getInstance(digest).digest(der));
    }

    /// Shows no key.
    @Override
    public String toString() {
        return "BcCertificate[" + fingerprint + "]";
    }
}
