package dev.weir.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The results for a program: every sample, and the rows that were printed. */
public final class JsonReport {
  private record Document(
      Map<String, String> environment,
      List<Row> rows,
      List<ClosedSample> closed,
      List<OpenSample> open,
      List<SideSample> side,
      List<Presence> presences,
      List<Exclusion> exclusions,
      List<String> faults) {}

  private JsonReport() {}

  public static void write(
      Path file, Results results, String reference, Map<String, String> environment)
      throws IOException {
    var document =
        new Document(
            environment,
            new Summary(results, reference).rows(),
            results.closed(),
            results.open(),
            results.side(),
            results.presences(),
            results.exclusions(),
            results.faults());
    var mapper = JsonMapper.builder().build();
    Files.writeString(
        file, mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
  }
}
