package dev.weir.contenders.raw;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weir.contenders.Bench;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rest of what a contender must do is asked by src/contenders/check. */
class RawNettyIT {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Arguments of keytool; where to follows them. */
  private static final List<String> MAKING =
      List.of(
          ("-genkeypair -alias edge -keyalg EC -groupname secp256r1 -storetype PKCS12"
                  + " -dname CN=localhost -ext san=dns:localhost -storepass changeit -keystore")
              .split(" ", -1));

  @TempDir private Path work;
  private HttpServer upstream;
  private SSLContext trusted;
  private Channel edge;

  @BeforeEach
  void start() throws Exception {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          // No length: the JDK's server answers in chunks.
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    upstream.start();
    KeyStore keys = writeCertificate();
    trusted = trusting(keys);
    edge = RawNetty.start(new Bench(0, upstream.getAddress().getPort(), work));
  }

  @AfterEach
  void stop() throws Exception {
    edge.close().sync();
    upstream.stop(0);
  }

  @ParameterizedTest
  @EnumSource(
      value = HttpClient.Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void passesBodiesBothWaysOnOneConnection(HttpClient.Version version) throws Exception {
    int port = ((InetSocketAddress) edge.localAddress()).getPort();
    String large = "0123456789".repeat(100_000);
    try (var client = HttpClient.newBuilder().version(version).sslContext(trusted).build()) {
      for (String body : new String[] {"", "small", large, "again"}) {
        var request =
            HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/api/a"))
                .POST(BodyPublishers.ofString(body))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).isEqualTo(body);
      }
    }
  }

  private KeyStore writeCertificate() throws Exception {
    Path store = work.resolve("store.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = new ArrayList<>(List.of(keytool));
    command.addAll(MAKING);
    command.add(store.toString());
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    pem("tls.pem", "CERTIFICATE", keys.getCertificate("edge").getEncoded());
    pem("tls-key.pem", "PRIVATE KEY", keys.getKey("edge", PASSWORD).getEncoded());
    return keys;
  }

  private void pem(String file, String label, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder().encodeToString(content);
    Files.writeString(
        work.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label));
  }

  private static SSLContext trusting(KeyStore keys) throws Exception {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, null);
    anchors.setCertificateEntry("edge", keys.getCertificate("edge"));
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
