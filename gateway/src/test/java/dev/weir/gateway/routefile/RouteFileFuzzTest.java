package dev.weir.gateway.routefile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.routefile.RouteFile.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Spoils a sound file at random, thousands of times. Whatever comes of it, reading ends with a
 * table or with problems that have a place inside the file; it never throws.
 */
class RouteFileFuzzTest {
  private static final String HOSTILE =
      "{}[]:,-#&*!|>'\"%@`?~ \n\t/.$;=<\\0159azAZ\u00e9\ud83d\ude00\u0000\u2028";
  private static final List<String> WORDS =
      List.of(
          "none",
          "null",
          "*a",
          "&a ",
          "<<: ",
          "- ",
          "{}",
          "[]",
          "~",
          "!!binary ",
          "'",
          "1e9",
          "99999999999999999999",
          "-1s",
          "/**",
          "/{a}/{a}",
          "//",
          "0x1f",
          "true",
          "9999999999d",
          "http://[::",
          "? ",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          "#{x}",
          "18446744073709551616/1s");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void endsWithATableOrWithProblemsInsideTheFile(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 4_000; round++) {
      String text = SoundFile.TEXT;
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        text = spoilt(text, random);
      }
      switch (RouteFile.parse("f", text)) {
        case Outcome.Compiled(var table, var warnings) -> {
          assertThat(table.routes()).isNotEmpty();
          assertThat(warnings).allMatch(p -> p.severity() == Severity.WARNING);
        }
        case Outcome.Broken(List<Problem> problems) -> {
          assertThat(problems).anyMatch(problem -> problem.severity() == Severity.ERROR);
          long lines = text.chars().filter(c -> c == '\n' || c == '\u2028').count() + 1;
          assertThat(problems)
              .as(text)
              .allMatch(p -> p.line() >= 1 && p.line() <= lines && p.column() >= 1)
              .allMatch(p -> p.text().lines().count() == 1);
        }
      }
    }
  }

  private static String spoilt(String text, Random random) {
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(6));
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, at) + text.substring(end);
      case 1 ->
          text.substring(0, at)
              + HOSTILE.charAt(random.nextInt(HOSTILE.length()))
              + text.substring(at);
      case 2 ->
          text.substring(0, at) + WORDS.get(random.nextInt(WORDS.size())) + text.substring(end);
      case 3 ->
          text.substring(0, at) + text.substring(random.nextInt(at + 1), at) + text.substring(at);
      case 4 -> shuffled(text, random);
      default -> valueReplaced(text, random);
    };
  }

  private static String shuffled(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
    return String.join("\n", lines) + "\n";
  }

  private static String valueReplaced(String text, Random random) {
    int colon = text.indexOf(": ", random.nextInt(text.length()));
    if (colon < 0) {
      return text.concat("x");
    }
    int end = text.indexOf('\n', colon);
    String rest = end < 0 ? "" : text.substring(end);
    return text.substring(0, colon + 2) + WORDS.get(random.nextInt(WORDS.size())) + rest;
  }
}
