package dev.weir.quickstart.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Ends parts that outlived a launcher which was killed before it could stop them. */
public final class Orphans {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private record Orphan(String name, ProcessHandle process) {}

  private Orphans() {}

  /**
   * Ends every process of the pid file that is still alive and is ours.
   *
   * @param marker text that the command line of each of our processes holds; a pid that went to a
   *     stranger does not have it and is left alone
   */
  public static void end(Path pidFile, String marker, Consumer<String> report) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    var orphans = find(Files.readAllLines(pidFile), marker);
    orphans.forEach(orphan -> orphan.process().destroy());
    for (var orphan : orphans) {
      await(orphan.process());
      report.accept(
          "ended %s (pid %d), left over from a run that was killed"
              .formatted(orphan.name(), orphan.process().pid()));
    }
    Files.delete(pidFile);
  }

  private static List<Orphan> find(List<String> lines, String marker) {
    return lines.stream()
        .map(line -> line.split(" ", -1))
        .filter(fields -> fields.length == 3 && fields[1].matches("\\d{1,18}"))
        .flatMap(fields -> find(fields[0], Long.parseLong(fields[1]), marker))
        .toList();
  }

  private static Stream<Orphan> find(String name, long pid, String marker) {
    return ProcessHandle.of(pid)
        .filter(process -> isOurs(process.info(), marker))
        .map(process -> new Orphan(name, process))
        .stream();
  }

  private static boolean isOurs(ProcessHandle.Info info, String marker) {
    return Stream.of(info.command(), info.commandLine())
        .flatMap(Optional::stream)
        .anyMatch(text -> text.contains(marker));
  }

  private static void await(ProcessHandle process) {
    try {
      process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException stubborn) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
