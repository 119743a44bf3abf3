package dev.weir.quickstart.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class SettingsTest {
  @Test
  void namesEveryTakenPortWithItsPartAndItsVariable() throws IOException {
    try (var a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var ports =
          Ports.of(
              Map.of(
                  "WEIR_EDGE_PORT", Integer.toString(a.getLocalPort()),
                  "WEIR_REDIS_PORT", Integer.toString(b.getLocalPort())));
      assertThat(ports.taken())
          .contains(
              "port %d for gateway (edge) is taken; set WEIR_EDGE_PORT to another"
                  .formatted(a.getLocalPort()),
              "port %d for redis is taken; set WEIR_REDIS_PORT to another"
                  .formatted(b.getLocalPort()));
    }
  }

  @Test
  void refusesTwoPartsOnOnePort() {
    assertThatThrownBy(() -> Ports.of(Map.of("WEIR_ECHO_PORT", "8443")))
        .hasMessage("WEIR_EDGE_PORT and WEIR_ECHO_PORT are both 8443");
  }

  @Test
  void refusesWhatIsNoPort() {
    assertThatThrownBy(() -> Ports.of(Map.of("WEIR_ECHO_PORT", "70000")))
        .hasMessage("WEIR_ECHO_PORT must be a port, 1 to 65535, and is '70000'");
  }

  @Test
  void movesEveryPartElsewhere() throws IOException {
    var variables = PortSetting.elsewhere();
    assertThat(variables).hasSize(PortSetting.values().length);
    assertThat(Ports.of(variables).numbers())
        .allSatisfy((setting, port) -> assertThat(port).isNotEqualTo(setting.usual()));
  }

  @Test
  void refusesAnUnknownArgument() {
    assertThatThrownBy(() -> Settings.of(List.of("--frsh"), Map.of()))
        .hasMessage("usage: ./weir up [--routes FILE] [--fresh], not '--frsh'");
  }

  @Test
  void refusesARouteFileThatCannotBeRead() {
    assertThatThrownBy(() -> Settings.of(List.of("--routes", "no/such.yaml"), Map.of()))
        .hasMessage("no readable route file: no/such.yaml");
  }
}
