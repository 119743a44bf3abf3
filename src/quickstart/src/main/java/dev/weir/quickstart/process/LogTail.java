package dev.weir.quickstart.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Reads the end of a log of any size. */
public final class LogTail {
  private static final int WINDOW_BYTES = 16 * 1024;
  private static final int LINE_LIMIT = 400;

  private LogTail() {}

  /** Returns the last lines, each cut to a width a terminal can bear. */
  public static List<String> read(Path log, int lines) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(0, file.length() - WINDOW_BYTES);
      file.seek(start);
      var bytes = new byte[(int) (file.length() - start)];
      file.readFully(bytes);
      var all =
          new String(bytes, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
      return all.subList(Math.max(0, all.size() - lines), all.size()).stream()
          .map(LogTail::cut)
          .toList();
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  private static String cut(String line) {
    return line.length() <= LINE_LIMIT ? line : line.substring(0, LINE_LIMIT) + " ...";
  }
}
