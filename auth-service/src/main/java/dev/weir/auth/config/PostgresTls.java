package dev.weir.auth.config;

import dev.weir.auth.config.DatabaseTls.Proof;
import dev.weir.auth.config.Settings.Host;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.client.SSLMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLException;

/**
 * Tells both drivers what TLS to a server has to prove.
 *
 * <p>The host is proved within the handshake and by the name that stands in the setting. The
 * reactive driver's own {@code verify-full} does it afterwards, and by what a reverse look-up says
 * where the setting has an address: whoever answers for that name would do.
 */
final class PostgresTls {
  private PostgresTls() {}

  static void require(
      PostgresqlConnectionConfiguration.Builder driver, DatabaseTls tls, Host host) {
    var proof = tls.of(host);
    if (proof == Proof.NONE) {
      driver.sslMode(SSLMode.DISABLE);
      return;
    }
    var trust = trust(tls, proof);
    var context = build(trust);
    driver
        .sslMode(proof.isOfAuthority() ? SSLMode.VERIFY_CA : SSLMode.REQUIRE)
        .sslContextBuilderCustomizer(_ -> trust)
        // The driver's engine knows no host that it could look for in the certificate.
        .sslEngineCustomizer(
            _ -> context.newEngine(ByteBufAllocator.DEFAULT, host.name(), host.port()));
  }

  private static SslContextBuilder trust(DatabaseTls tls, Proof proof) {
    var trust =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .endpointIdentificationAlgorithm(proof == Proof.HOST ? "HTTPS" : "");
    if (!proof.isOfAuthority()) {
      return trust.trustManager(InsecureTrustManagerFactory.INSTANCE);
    }
    tls.authorities().map(Path::toFile).ifPresent(trust::trustManager);
    return trust;
  }

  private static SslContext build(SslContextBuilder trust) {
    try {
      return trust.build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the parameters of a JDBC URL, which Flyway takes over with it. */
  static String parameters(DatabaseTls tls, Host host) {
    var proof = tls.of(host);
    var mode = "?sslmode=" + proof.jdbc();
    if (!proof.isOfAuthority()) {
      return mode;
    }
    return mode
        + tls.authorities()
            .map(
                path ->
                    "&sslrootcert=" + URLEncoder.encode(path.toString(), StandardCharsets.UTF_8))
            // Without this the driver looks into a folder of its user.
            .orElse("&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
  }
}
