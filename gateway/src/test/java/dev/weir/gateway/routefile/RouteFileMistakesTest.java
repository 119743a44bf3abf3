package dev.weir.gateway.routefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.routefile.RouteFile.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Spoils {@link SoundFile} in every way of mistakes.txt and compares all that is said, to the
 * letter.
 *
 * <p>A case there is a line {@code > LINE | TEXT}, which replaces that line (a further line follows
 * as {@code > | TEXT}), and the problems expected, each as {@code < LINE:COLUMN: ...}.
 */
class RouteFileMistakesTest {

  @TestFactory
  Stream<DynamicTest> namesEveryMistakeWithPlaceAndCure() throws IOException {
    return cases().stream()
        .map(
            mistake ->
                DynamicTest.dynamicTest(
                    mistake.line() + " | " + mistake.replacement(),
                    () -> assertThat(problems(mistake)).isEqualTo(mistake.expected())));
  }

  private record Mistake(int line, String replacement, List<String> expected) {}

  private static List<String> problems(Mistake mistake) {
    String text = SoundFile.with(mistake.line(), mistake.replacement());
    List<Problem> problems =
        switch (RouteFile.parse("routes.yaml", text)) {
          case Outcome.Compiled(var ignored, List<Problem> warnings) -> warnings;
          case Outcome.Broken(List<Problem> all) -> all;
        };
    return problems.stream()
        .map(problem -> problem.text().substring("routes.yaml:".length()))
        .toList();
  }

  private static List<Mistake> cases() throws IOException {
    List<Mistake> cases = new ArrayList<>();
    for (String block : resource().split("\n\n", -1)) {
      List<String> replacement = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      int at = 0;
      for (String line : block.lines().toList()) {
        int bar = line.indexOf('|');
        if (line.startsWith("> ")) {
          String number = line.substring(2, bar).strip();
          at = number.isEmpty() ? at : Integer.parseInt(number);
          replacement.add(line.substring(Math.min(bar + 2, line.length())));
        } else if (line.startsWith("< ")) {
          expected.add(line.substring(2));
        }
      }
      if (at > 0) {
        cases.add(new Mistake(at, String.join("\n", replacement), expected));
      }
    }
    return cases;
  }

  private static String resource() throws IOException {
    try (InputStream in = RouteFileMistakesTest.class.getResourceAsStream("mistakes.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
