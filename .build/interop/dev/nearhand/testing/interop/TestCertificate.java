package dev.nearhand.testing.interop;

import dev.nearhand.testing.Requires;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate of its own signature, which nobody trusts but who is told to.
public record TestCertificate(Path certificate, Path key) {
    private static final String STORE_PASSWORD = "public";

    /// For `127.0.0.1`.
    public static TestCertificate create(Path folder) {
        return create(folder, "127.0.0.1");
    }

    /// @param folder for its files
    /// @param ip the address that it is for
    public static TestCertificate create(Path folder, String ip) {
        TestCertificate made = new TestCertificate(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        try {
            Process process = new ProcessBuilder(
                            Requires.tool("openssl", "openssl").toString(),
                            "req",
                            "-x509",
                            "-newkey",
                            "rsa:2048",
                            "-nodes",
                            "-days",
                            "2",
                            "-subj",
                            "/CN=" + ip,
                            "-addext",
                            "subjectAltName=IP:" + ip,
                            "-keyout",
                            made.key.toString(),
                            "-out",
                            made.certificate.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError("openssl made no certificate");
            }
            return made;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stop);
        }
    }

    public String[] coturnOptions() {
        return new String[] {"--cert=" + certificate, "--pkey=" + key};
    }

    /// A context that trusts this certificate and no other.
    public SSLContext trustingContext() throws GeneralSecurityException, IOException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trustStore());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private KeyStore trustStore() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "test", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        return trusted;
    }

    /// Options of a Java program that make it trust this certificate and no other.
    ///
    /// @param store is written
    public String[] trustingOptions(Path store) throws GeneralSecurityException, IOException {
        try (OutputStream out = Files.newOutputStream(store)) {
            trustStore().store(out, STORE_PASSWORD.toCharArray());
        }
        return new String[] {
            "-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD
        };
    }
}
