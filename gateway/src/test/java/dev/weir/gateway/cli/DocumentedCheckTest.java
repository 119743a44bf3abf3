package dev.weir.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps docs/routes.md true: its example is sound, and what it prints is what is printed. */
class DocumentedCheckTest {
  private static final Path PAGE = Path.of("..", "docs", "routes.md");

  @TempDir Path folder;

  @Test
  void exampleOfThePageIsSound() throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf("```yaml\n") + "```yaml\n".length();

    String said = check(page.substring(start, page.indexOf("```", start)), 0);

    assertThat(said).isEqualTo("routes.yaml: ok, 3 routes, 2 upstreams, 3 limits\n");
    assertThat(page).contains("$ ./weir check routes.yaml\n" + said + "```");
  }

  @Test
  void pageShowsWhatIsSaidOfMistakes() throws IOException {
    String mistakes;
    try (InputStream in = getClass().getResourceAsStream("documented-mistakes.yaml")) {
      mistakes = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(Files.readString(PAGE))
        .contains("$ ./weir check routes.yaml\n" + check(mistakes, 1) + "```");
  }

  private String check(String text, int status) throws IOException {
    Path file = Files.writeString(folder.resolve("routes.yaml"), text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(CheckCommand.run(new String[] {file.toString()}, print, print)).isEqualTo(status);
    return out.toString(StandardCharsets.UTF_8).replace(file.toString(), "routes.yaml");
  }
}
