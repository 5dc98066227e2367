package dev.nearhand.transport.bc;

import dev.nearhand.transport.dtls.DtlsCertificate;
import dev.nearhand.transport.dtls.Fingerprint;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// A key of ECDSA on P-256 and the certificate that it signs itself: "implementations MUST support" this kind
/// (RFC 8827 section 6.5). Nobody verifies its dates or names, the fingerprint in the description is all that counts;
/// so it names nobody, and its serial number is random, as browsers make theirs.
///
/// @param key for this one certificate, and by default for one connection
record BcCertificate(Certificate parsed, AsymmetricKeyParameter key, Fingerprint fingerprint)
        implements DtlsCertificate {
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final Duration VALID = Duration.ofDays(30);
    private static final int SERIAL_BITS = 64;
    private static final X500Name NOBODY = new X500Name("CN=WebRTC");
    private static final ECNamedDomainParameters P_256 = new ECNamedDomainParameters(
            SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByOID(SECObjectIdentifiers.secp256r1));
    private static final AlgorithmIdentifier ECDSA_WITH_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    private static final AlgorithmIdentifier SHA256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);

    /// The dates of all certificates of one day (UTC). BouncyCastle writes a date by making, using and dropping three
    /// formatters of the JDK; nobody needs the time of day, and it says less about the clock of this machine.
    private record Validity(Instant day, Time notBefore, Time notAfter) {
        private static volatile @Nullable Validity latest;

        static Validity at(Instant now) {
            Instant day = now.truncatedTo(ChronoUnit.DAYS);
            Validity known = latest;
            if (known == null || !known.day.equals(day)) {
                known = new Validity(
                        day, new Time(Date.from(day.minus(BACKDATED))), new Time(Date.from(day.plus(VALID))));
                latest = known;
            }
            return known;
        }
    }

    static BcCertificate generate(SecureRandom random, Instant now) {
        try {
            ECKeyPairGenerator generator = new ECKeyPairGenerator();
            generator.init(new ECKeyGenerationParameters(P_256, random));
            AsymmetricCipherKeyPair pair = generator.generateKeyPair();
            Validity validity = Validity.at(now);
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    NOBODY,
                    // "a positive integer": https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.2
                    new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                    validity.notBefore(),
                    validity.notAfter(),
                    NOBODY,
                    SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic()));
            Certificate made = builder.build(new BcECContentSignerBuilder(ECDSA_WITH_SHA256, SHA256)
                            .setSecureRandom(random)
                            .build(pair.getPrivate()))
                    .toASN1Structure();
            return new BcCertificate(made, pair.getPrivate(), fingerprint("sha-256", made.getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException failure) {
            throw new IllegalStateException("this Java runtime cannot make an ECDSA P-256 certificate", failure);
        }
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
