package dev.weir.quickstart.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file that names every running part: one {@code name pid port} a line.
 *
 * <p>It serves two readers: a drill that wants to kill one part, and the next start after a run
 * that was killed. It is replaced whole, so that neither ever reads half of it.
 */
public final class PidFile {
  private final Path file;
  private final Map<String, String> lines = new TreeMap<>();

  public PidFile(Path file) {
    this.file = file;
  }

  synchronized void put(Part part, long pid) {
    lines.put(part.name(), part.name() + " " + pid + " " + part.port());
    write();
  }

  /**
   * Whoever stops a part and whoever keeps it both say that it ended; the second writes nothing.
   */
  synchronized void remove(Part part) {
    if (lines.remove(part.name()) != null) {
      write();
    }
  }

  private void write() {
    var text = lines.values().stream().map(l -> l + "\n").collect(Collectors.joining());
    try {
      var next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
