package dev.weir.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A start that cannot succeed says why in one line and ends with a status that scripts can see. */
class StartAndEndE2E {
  @TempDir Path folder = Path.of("");

  private record Outcome(int status, List<String> lines) {}

  @Test
  void refusesATakenPort() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var environment = new HashMap<>(WeirSystem.environment(folder.resolve("state")));
      environment.put("WEIR_EDGE_PORT", Integer.toString(taken.getLocalPort()));
      assertThat(up(environment))
          .isEqualTo(
              new Outcome(
                  1,
                  List.of(
                      "weir: port %d for gateway (edge) is taken; set WEIR_EDGE_PORT to another"
                          .formatted(taken.getLocalPort()))));
    }
  }

  @Test
  @ExtendWith(WithWeir.class)
  void refusesASecondRunOnTheSameFolder(WeirSystem system) throws Exception {
    var outcome = up(system.environment());
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.lines()).singleElement().asString().startsWith("weir: already running on ");
  }

  @Test
  void refusesAnUnknownVariable() throws Exception {
    var outcome = gateway(Map.of("WEIR_EGDE_PORT", "1"));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.lines())
        .singleElement()
        .asString()
        .startsWith("weir-gateway: ")
        .contains("WEIR_EGDE_PORT");
  }

  @Test
  void refusesACertificateThatCannotBeRead() throws Exception {
    var missing = folder.resolve("missing.pem").toString();
    var outcome = gateway(Map.of("WEIR_TLS_CERTIFICATE", missing));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.lines())
        .singleElement()
        .asString()
        .startsWith("weir-gateway: ")
        .contains("missing.pem");
  }

  private Outcome up(Map<String, String> environment) throws Exception {
    var output = folder.resolve("out");
    return outcome(WeirSystem.launch(environment, output), output);
  }

  /** The gateway alone: it refuses its configuration before it looks for anything else. */
  private Outcome gateway(Map<String, String> variables) throws Exception {
    var routes = folder.resolve("routes.yaml");
    Files.copy(Checkout.ROOT.resolve("deploy/quickstart/routes.yaml"), routes);
    var error = folder.resolve("err");
    var builder =
        new ProcessBuilder(
                Checkout.java(), "-XX:TieredStopAtLevel=1", "-jar", Checkout.GATEWAY.toString())
            .redirectError(error.toFile())
            .redirectOutput(folder.resolve("out").toFile());
    var ports = FreePort.find(3);
    builder.environment().put("WEIR_EDGE_PORT", ports.get(0).toString());
    builder.environment().put("WEIR_REDIRECT_PORT", ports.get(1).toString());
    builder.environment().put("WEIR_MANAGEMENT_PORT", ports.get(2).toString());
    builder.environment().put("WEIR_ROUTES_FILE", routes.toString());
    builder.environment().putAll(variables);
    return outcome(builder.start(), error);
  }

  private static Outcome outcome(Process process, Path output)
      throws IOException, InterruptedException {
    if (!process.waitFor(60, SECONDS)) {
      process.destroyForcibly();
    }
    return new Outcome(process.waitFor(), Files.readAllLines(output));
  }
}
