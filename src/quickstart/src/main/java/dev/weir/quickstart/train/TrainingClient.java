package dev.weir.quickstart.train;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A little of everything that clients ask of a gateway, over both protocols. */
record TrainingClient(HttpClient client, TrainingIssuer issuer, int edge, int management) {
  private static final int ROUNDS = 60;

  static TrainingClient trusting(Path authority, TrainingIssuer issuer, int edge, int management)
      throws IOException, GeneralSecurityException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, new char[0]);
    try (var in = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, factory.getTrustManagers(), null);
    return new TrainingClient(
        HttpClient.newBuilder().sslContext(tls).build(), issuer, edge, management);
  }

  /** Sends all of it and checks every answer. */
  void run() throws IOException, InterruptedException, GeneralSecurityException {
    for (var version : Version.values()) {
      for (int i = 0; i < ROUNDS; i++) {
        round(version, i);
      }
    }
    for (var page : new String[] {"/livez", "/readyz", "/metrics", "/routes"}) {
      var uri = URI.create("http://127.0.0.1:" + management + page);
      var _ = send(HttpRequest.newBuilder(uri));
    }
  }

  private void round(Version version, int number)
      throws IOException, InterruptedException, GeneralSecurityException {
    // Some tokens are new, most have been seen.
    var token = issuer.token(number % 10 == 0 ? number : 0, Instant.now());
    expect(200, request(version, "/open"));
    expect(200, request(version, "/full").header("Authorization", "Bearer " + token));
    expect(200, request(version, "/open").POST(BodyPublishers.ofString("{\"a\":1}")));
    if (number % 10 == 0) {
      expect(401, request(version, "/full"));
      expect(404, request(version, "/nowhere"));
    }
  }

  private HttpRequest.Builder request(Version version, String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + edge + path)).version(version);
  }

  private void expect(int status, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    int got = send(request);
    if (got != status) {
      throw new IOException("%s was answered with %d".formatted(request.build().uri(), got));
    }
  }

  private int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client
        .send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
