package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that comes back resumes its session (RFC 8446 §2.2, RFC 5077): no certificate again. */
class TlsResumptionIT {
  private static final String CLOSING =
      "GET /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void sendsItsCertificateOnceToAClientThatComesBack(String protocol)
      throws IOException, GeneralSecurityException {
    var certificates = new AtomicInteger();
    SSLContext client = client(certificates);
    try (var upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var gateway = LocalGateway.serving(routes(upstream), folder, "--weir.drain.grace=0s")) {
      for (int visit = 0; visit < 3; visit++) {
        assertThat(get(client, gateway.port(), protocol)).startsWith("HTTP/1.1 200 ");
      }
    }
    assertThat(certificates).hasValue(1);
  }

  private static String get(SSLContext client, int port, String protocol) throws IOException {
    try (var socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.getOutputStream().write(CLOSING.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String routes(ScriptedUpstream upstream) {
    return """
        version: 1
        upstreams:
          only: { endpoints: ["http://127.0.0.1:%d"] }
        routes:
          - { id: open, match: { path: /open }, upstream: only, auth: none }
        """
        .formatted(upstream.endpoint().port());
  }

  private static SSLContext client(AtomicInteger certificates) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new CountingTrust(certificates)}, null);
    return context;
  }

  /** Takes any certificate, and counts: a resumed session shows none. */
  private record CountingTrust(AtomicInteger shown) implements X509TrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
      shown.incrementAndGet();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
      throw new IllegalStateException("this side is the client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
