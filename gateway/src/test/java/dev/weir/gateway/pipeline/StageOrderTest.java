package dev.weir.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StageOrderTest {
  private static final Pattern ROW = Pattern.compile("^\\| \\d+ \\| `([A-Z_]+)` \\|");

  @Test
  void theTableInTheArchitecturePageIsTheEnum() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("ARCHITECTURE.md")).stream()
            .map(ROW::matcher)
            .filter(Matcher::find)
            .map(row -> row.group(1))
            .toList();
    assertThat(documented).isEqualTo(Arrays.stream(Stage.values()).map(Stage::name).toList());
  }
}
