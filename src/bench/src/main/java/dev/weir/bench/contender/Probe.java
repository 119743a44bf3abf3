package dev.weir.bench.contender;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks single questions, with the JDK's client: nothing here is measured. */
public final class Probe {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient client;

  private Probe(HttpClient client) {
    this.client = client;
  }

  /** A client that trusts the authority alone and speaks TLS 1.3 alone. */
  public static Probe create(Path authority) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setCertificateEntry("authority", certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var tls = SSLContext.getInstance("TLSv1.3");
    tls.init(null, trust.getTrustManagers(), null);
    var parameters = tls.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    return new Probe(
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .sslParameters(parameters)
            .connectTimeout(TIMEOUT)
            .build());
  }

  /** The answer to a GET; an empty token sends none. */
  HttpResponse<byte[]> get(int port, String path, String token)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path)).timeout(TIMEOUT);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** The status of the answer to a POST without a body. */
  public int postAs(String token, int port, String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.noBody());
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  /** The text of the answer to a POST of JSON. */
  public String post(int port, String path, String json) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  /** The status of the answer, or 0 where there is none. */
  public int status(int port, String path, String token) throws InterruptedException {
    try {
      return get(port, path, token).statusCode();
    } catch (IOException notYet) {
      return 0;
    }
  }
}
