package dev.nearhand.transport.bc;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.tls.DigitallySigned;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsStreamVerifier;
import org.bouncycastle.tls.crypto.TlsVerifier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AgreementTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Two numbers in DER, both of them 1: well formed, and no signature of anything.
    private static final byte[] ECDSA_OF_ONES = {0x30, 6, 2, 1, 1, 2, 1, 1};

    static List<SignatureAndHashAlgorithm> signatures() {
        return List.copyOf(Agreement.signatures());
    }

    /// GStreamer shows an RSA certificate and takes the first of the list that it can sign with.
    @ParameterizedTest
    @MethodSource("signatures")
    void everySignatureThatIsAnnouncedCanBeChecked(SignatureAndHashAlgorithm announced) throws Exception {
        boolean isElliptic = SignatureScheme.isECDSA(SignatureScheme.from(announced));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(isElliptic ? "EC" : "RSA");
        generator.initialize(isElliptic ? 256 : 2048, RANDOM);
        byte[] der = selfSigned(generator.generateKeyPair(), isElliptic ? "SHA256withECDSA" : "SHA256withRSA");
        BcCertificate ours = BcCertificate.generate(RANDOM, Instant.now());
        TlsCrypto crypto = new Agreement(ours, ours.fingerprint(), RANDOM).crypto();

        TlsVerifier verifier = crypto.createCertificate(der).createVerifier(announced.getSignature());
        DigitallySigned wrong = new DigitallySigned(announced, isElliptic ? ECDSA_OF_ONES : new byte[256]);
        TlsStreamVerifier stream = verifier.getStreamVerifier(wrong);
        assertThat(stream == null ? verifier.verifyRawSignature(wrong, new byte[64]) : stream.isVerified())
                .isFalse();
    }

    private static byte[] selfSigned(KeyPair keys, String algorithm) throws Exception {
        X500Name name = new X500Name("CN=test");
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        name,
                        keys.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()))
                .getEncoded();
    }
}
