package dev.weir.quickstart.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class RouteFileTest {
  @TempDir Path folder = Path.of("");

  @Test
  void usesTheTrackedFileItselfOnTheUsualPorts() throws Exception {
    var tracked = Files.writeString(folder.resolve("tracked"), "version: 1");
    assertThat(RouteFile.place(tracked, folder.resolve("copy"), Ports.of(Map.of())))
        .isEqualTo(tracked);
    assertThat(folder.resolve("copy")).doesNotExist();
  }

  @Test
  void fitsEachAddressOnceToThePortsOfTheRun() {
    // Swapped on purpose: replacing one after the other would give both the same port.
    var ports =
        Ports.of(
            Map.of(
                "WEIR_ORDERS_PORT_A",
                "9102",
                "WEIR_ORDERS_PORT_B",
                "9101",
                "WEIR_EDGE_PORT",
                "18443"));
    var text =
        "[http://127.0.0.1:9101, http://127.0.0.1:9102] https://localhost:8443/auth 127.0.0.1:91011";
    assertThat(RouteFile.fit(text, ports))
        .isEqualTo(
            "[http://127.0.0.1:9102, http://127.0.0.1:9101] https://localhost:18443/auth 127.0.0.1:91011");
  }
}
