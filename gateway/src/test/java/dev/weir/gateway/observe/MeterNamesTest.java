package dev.weir.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MeterNamesTest {

  @Test
  void namesAreUniqueAndOurs() throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    for (Field field : GatewayMetrics.class.getDeclaredFields()) {
      names.add((String) field.get(null));
    }
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("weir(\\.[a-z]+)+"));
  }

  @Test
  void noOtherFileSpellsAName() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      List<Path> offenders =
          sources
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("GatewayMetrics.java"))
              // Settings begin with weir. too, and stand in this package only.
              .filter(file -> !file.toString().contains("/config/"))
              .filter(MeterNamesTest::spellsAName)
              .toList();
      assertThat(offenders).isEmpty();
    }
  }

  private static boolean spellsAName(Path file) {
    try {
      return Files.readString(file).matches("(?s).*\"weir\\.[a-z.]+\".*");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
