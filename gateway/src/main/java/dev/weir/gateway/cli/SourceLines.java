package dev.weir.gateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The lines of a file, to show what a problem points at. Best effort: a line may be absent. */
record SourceLines(List<String> lines) {
  private static final int MOST_BYTES = 4 << 20;

  /** Reads a file; what is not UTF-8 in it shows as the replacement character. */
  static SourceLines of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
      return new SourceLines(text.lines().toList());
    } catch (IOException gone) {
      return new SourceLines(List.of());
    }
  }

  /** Returns a line, counted from 1, or the empty string. */
  String line(int number) {
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }
}
