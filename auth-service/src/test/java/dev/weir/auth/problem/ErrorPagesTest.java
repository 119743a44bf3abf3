package dev.weir.auth.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorPagesTest {
  private static final Path PAGES = Path.of("..", "docs", "runbooks", "errors", "auth");

  @Test
  void everyCodeHasItsPageAndEveryPageItsCode() throws IOException {
    var codes = Arrays.stream(AuthError.values()).map(error -> error.code() + ".md").toList();
    try (var pages = Files.list(PAGES)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(codes);
    }
  }

  @Test
  void everyPageNamesStatusAndFault() throws IOException {
    for (var error : AuthError.values()) {
      assertThat(Files.readString(PAGES.resolve(error.code() + ".md")))
          .contains(
              "# " + error.code(),
              Integer.toString(error.status()),
              "**Whose fault:**",
              "**What to do:**");
    }
  }
}
