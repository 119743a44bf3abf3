package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weir.gateway.config.GatewayApplication;
import dev.weir.gateway.config.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot be is refused in words that say what to do. */
class StartFailureIT {
  @TempDir private Path folder;
  private TestCertificate certificate;
  private Path routes;

  @BeforeEach
  void prepare() throws IOException {
    certificate = TestCertificate.in(folder);
    routes = folder.resolve("routes.yaml");
    Files.writeString(
        routes,
        """
        version: 1
        upstreams: { a: { endpoints: ["http://127.0.0.1:1"] } }
        routes: [ { id: a, match: { path: /a }, upstream: a, auth: none } ]
        """);
  }

  @Test
  void namesAnUnknownProperty() {
    assertThat(refusal("--weir.edge.prot=1"))
        .singleElement()
        .asString()
        .contains("weir.edge.prot", "is not a setting");
  }

  @Test
  void namesAValueThatDoesNotFit() {
    assertThat(refusal("--weir.drain.grace=soon"))
        .singleElement()
        .asString()
        .isEqualTo(
            "WEIR_DRAIN_GRACE cannot be 'soon'; allowed: a duration such as 250ms, 5s or 1m");
  }

  @Test
  void namesAPortThatIsNone() {
    assertThat(refusal("--weir.management.port=abc"))
        .singleElement()
        .asString()
        .isEqualTo("WEIR_MANAGEMENT_PORT cannot be 'abc'; allowed: a whole number");
  }

  @Test
  void namesEverySettingOutOfBoundsAtOnce() {
    assertThat(refusal("--weir.edge.port=70000", "--weir.redis.instances=0"))
        .containsExactly(
            "WEIR_EDGE_PORT cannot be '70000'; allowed: 0 to 65535",
            "WEIR_REDIS_INSTANCES cannot be '0'; allowed: 1 to 10000");
  }

  @Test
  void namesADurationWithoutAUnit() {
    assertThat(refusal("--weir.drain.timeout=20"))
        .containsExactly(
            "WEIR_DRAIN_TIMEOUT cannot be '20'; allowed: a duration with its unit, such as 20ms or"
                + " 20s");
  }

  @Test
  void namesTheChoicesOfAWord() {
    assertThat(refusal("--weir.access-log=file"))
        .containsExactly("WEIR_ACCESS_LOG cannot be 'file'; allowed: stdout, off");
  }

  @Test
  void namesATakenEdgePort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(refusal("--weir.edge.port=" + taken.getLocalPort()))
          .containsExactly(
              "the edge port %d cannot be bound on 127.0.0.1 (taken, not allowed, or no address of this machine); set WEIR_EDGE_PORT or WEIR_EDGE_ADDRESS to another"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void namesATakenManagementPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(refusal("--weir.management.port=" + taken.getLocalPort()))
          .containsExactly(
              "the management port %d is taken; set WEIR_MANAGEMENT_PORT to another"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void namesAMissingCertificate() {
    Path missing = folder.resolve("none.pem");
    assertThat(refusal("--weir.tls.certificate=" + missing))
        .containsExactly(missing + " is not a readable file; WEIR_TLS_CERTIFICATE names it");
  }

  @Test
  void namesAKeyThatIsNone() throws IOException {
    Files.writeString(certificate.privateKey(), "not a key");
    assertThat(refusal()).singleElement().asString().contains("PKCS#8", "openssl pkcs8");
  }

  @Test
  void namesAKeyOfAnotherCertificate() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertThat(refusal("--weir.tls.private-key=" + TestCertificate.in(other).privateKey()))
        .singleElement()
        .asString()
        .contains("is not the key of the first certificate in", "WEIR_TLS_PRIVATE_KEY");
  }

  @Test
  void namesEveryProblemOfTheRouteFile() throws IOException {
    Files.writeString(routes, "version: 2\nroutes: nonsense\n");
    assertThat(refusal())
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(line -> line.startsWith(routes + ":"));
  }

  @Test
  void namesAFilterThatDoesNotExist() throws IOException {
    Files.writeString(
        routes,
        Files.readString(routes).replace("auth: none", "auth: none, filters: [\"NoSuch=1\"]"));
    assertThat(refusal()).singleElement().asString().contains("filter-refused", "NoSuch", ":3:");
  }

  private List<String> refusal(String... more) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("--weir.routes.file", routes.toString());
    settings.put("--weir.tls.certificate", certificate.chain().toString());
    settings.put("--weir.tls.private-key", certificate.privateKey().toString());
    settings.put("--weir.edge.port", "0");
    settings.put("--weir.redirect.port", "0");
    settings.put("--weir.management.port", "0");
    settings.put("--weir.drain.grace", "0s");
    settings.put("--weir.redis.uri", "redis://127.0.0.1:1");
    for (String setting : more) {
      int equals = setting.indexOf('=');
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    String[] arguments =
        settings.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .toArray(String[]::new);
    Throwable failure = catchThrowable(() -> GatewayApplication.start(arguments));
    assertThat(failure).isNotNull();
    return StartFailure.lines(failure);
  }
}
