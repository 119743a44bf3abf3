package dev.weir.gateway.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import reactor.netty.http.Http2SslContextSpec;

/**
 * The certificate chain and key of the edge, in PEM files.
 *
 * @param expiry the leaf's notAfter
 */
public record ServerCertificate(Path chain, Path privateKey, Instant expiry) {
  /** BoringSSL costs a request about half of what the JDK's engine does; src/bench measures it. */
  private static final SslProvider ENGINE =
      OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

  /**
   * Netty keeps the key in a store of its own, in memory. The JDK's usual kind, PKCS#12, would
   * encrypt it there with ten thousand rounds of a hash and a password that is empty.
   */
  private static final String IN_MEMORY_STORE = "JKS";

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /**
   * Reads and checks both files.
   *
   * @throws UnusableCertificateException says in one line which file, what is wrong and how to mend
   *     it
   */
  public static ServerCertificate load(Path chain, Path privateKey) {
    readable("WEIR_TLS_CERTIFICATE", chain);
    readable("WEIR_TLS_PRIVATE_KEY", privateKey);
    X509Certificate leaf = leaf(chain);
    ServerCertificate certificate =
        new ServerCertificate(chain, privateKey, leaf.getNotAfter().toInstant());
    certificate.verifyKey(leaf);
    return certificate;
  }

  /**
   * Returns what the server needs: TLS 1.3 and 1.2, ALPN for HTTP/2, AEAD suites with forward
   * secrecy.
   */
  public Http2SslContextSpec contextSpec() {
    return Http2SslContextSpec.forServer(chain.toFile(), privateKey.toFile())
        .configure(
            builder ->
                builder.sslProvider(ENGINE).protocols(PROTOCOLS).keyStoreType(IN_MEMORY_STORE));
  }

  /** Returns the name of the engine that will really terminate TLS, for the log of the start. */
  public static String engine() {
    return ENGINE.name();
  }

  private void verifyKey(X509Certificate leaf) {
    if (!KeyPairing.isPkcs8(privateKey)) {
      throw new UnusableCertificateException(
          privateKey
              + " is no unencrypted PKCS#8 private key; convert it with: openssl pkcs8 -topk8"
              + " -nocrypt",
          null);
    }
    if (!KeyPairing.fits(privateKey, leaf.getPublicKey())) {
      throw new UnusableCertificateException(
          privateKey
              + " is not the key of the first certificate in "
              + chain
              + "; set WEIR_TLS_PRIVATE_KEY and WEIR_TLS_CERTIFICATE to files that belong together,"
              + " leaf first",
          null);
    }
  }

  private static X509Certificate leaf(Path chain) {
    try (InputStream in = Files.newInputStream(chain)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | CertificateException | ClassCastException e) {
      throw new UnusableCertificateException(
          chain + " holds no PEM certificate; WEIR_TLS_CERTIFICATE names the chain, leaf first", e);
    }
  }

  private static void readable(String variable, Path file) {
    if (!Files.isReadable(file)) {
      throw new UnusableCertificateException(
          file + " is not a readable file; " + variable + " names it", null);
    }
  }
}
