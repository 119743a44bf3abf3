package dev.weir.gateway;

import dev.weir.gateway.config.GatewayApplication;
import dev.weir.gateway.control.EdgeServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** A whole gateway in this process, on free ports, before one upstream that has an open route. */
record LocalGateway(
    ConfigurableApplicationContext context, TestCertificate certificate, int edge, int management)
    implements AutoCloseable {

  static LocalGateway before(int upstream, Path folder, String... settings) throws IOException {
    return serving(
        """
        version: 1
        upstreams:
          only: { endpoints: ["http://127.0.0.1:%d"] }
        routes:
          - { id: open, match: { path: /** }, upstream: only, auth: none, deadline: 20s }
        """
            .formatted(upstream),
        folder,
        settings);
  }

  /** Starts with this route file, which is written into the folder as routes.yaml. */
  static LocalGateway serving(String routeFile, Path folder, String... settings)
      throws IOException {
    TestCertificate certificate = TestCertificate.in(folder);
    Path routes = folder.resolve("routes.yaml");
    Files.writeString(routes, routeFile);
    String[] fixed = {
      "--weir.routes.file=" + routes,
      "--weir.tls.certificate=" + certificate.chain(),
      "--weir.tls.private-key=" + certificate.privateKey(),
      "--weir.edge.port=0",
      "--weir.redirect.port=0",
      "--weir.management.port=0",
      "--weir.redis.uri=redis://127.0.0.1:1",
      "--weir.access-log=off"
    };
    List<String> all = new ArrayList<>(List.of(settings));
    // A setting that stands twice would be both values, joined.
    Stream.of(fixed)
        .filter(usual -> all.stream().noneMatch(own -> name(own).equals(name(usual))))
        .toList()
        .forEach(all::add);
    ConfigurableApplicationContext context = GatewayApplication.start(all.toArray(String[]::new));
    return new LocalGateway(
        context,
        certificate,
        context.getBean(EdgeServer.class).edgePort(),
        context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
  }

  private static String name(String setting) {
    return setting.substring(0, setting.indexOf('='));
  }

  /** Returns the listeners. */
  EdgeServer edgeServer() {
    return context.getBean(EdgeServer.class);
  }

  /** Returns the port of the edge, for a client with a TLS context of its own. */
  int port() {
    return edge;
  }

  /** Opens a TLS connection that speaks HTTP/1.1. */
  Socket connect() throws IOException {
    Socket socket = tls().getSocketFactory().createSocket("127.0.0.1", edge);
    socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
    return socket;
  }

  private SSLContext tls() throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, new char[0]);
      trusted.setCertificateEntry("edge", certificate.certificate());
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Returns the status of a page of the management port. */
  int manageStatus(String path) {
    HttpClientResponse answer =
        HttpClient.newConnection()
            .get()
            .uri("http://127.0.0.1:" + management + path)
            .response()
            .block(Duration.ofSeconds(5));
    return answer == null ? 0 : answer.status().code();
  }

  /** Returns the value of a series as /metrics spells it, or 0 where it is not there. */
  double series(String name) {
    String page =
        HttpClient.newConnection()
            .get()
            .uri("http://127.0.0.1:" + management + "/metrics")
            .responseContent()
            .aggregate()
            .asString()
            .block(Duration.ofSeconds(5));
    return String.valueOf(page)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  double refusals(String code, String fault, String route) {
    return series(
        "weir_refusals_total{code=\"%s\",fault=\"%s\",route=\"%s\"}".formatted(code, fault, route));
  }

  double ended(String outcome, String route) {
    return series(
        "weir_request_duration_seconds_count{outcome=\"%s\",route=\"%s\"}"
            .formatted(outcome, route));
  }

  @Override
  public void close() {
    context.close();
  }
}
