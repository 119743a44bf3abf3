package dev.weir.e2e;

import java.io.IOException;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the edge that trusts the local authority and nobody else. */
final class Edge implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final WeirSystem system;
  private final int port;
  private final HttpClient client;

  Edge(WeirSystem system) {
    this(system, HttpClient.Version.HTTP_2);
  }

  Edge(WeirSystem system, HttpClient.Version version) {
    this(system, version, system.port("WEIR_EDGE_PORT"));
  }

  /** A client of another gateway that has the system's certificate. */
  Edge(WeirSystem system, HttpClient.Version version, int port) {
    this.system = system;
    this.port = port;
    this.client =
        HttpClient.newBuilder()
            .version(version)
            .connectTimeout(PATIENCE)
            .sslContext(trusting(system.state().resolve("ca/ca.pem")))
            .build();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path)).timeout(PATIENCE);
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  HttpResponse<String> get(String path, String token) {
    return send(request(path).header("Authorization", "Bearer " + token));
  }

  HttpResponse<String> post(String path, String body) {
    return send(json(request(path), body));
  }

  HttpResponse<String> post(String path, String body, String token) {
    return send(json(request(path), body).header("Authorization", "Bearer " + token));
  }

  /** Asks the management port of the gateway. */
  HttpResponse<String> manage(String path) {
    var uri = "http://127.0.0.1:" + system.port("WEIR_MANAGEMENT_PORT") + path;
    return send(HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(request.build() + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  @Override
  public void close() {
    client.close();
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request, String body) {
    return request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
  }

  private static SSLContext trusting(Path authority) {
    try (var file = Files.newInputStream(authority)) {
      var trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, new char[0]);
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
