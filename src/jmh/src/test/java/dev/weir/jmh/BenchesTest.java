package dev.weir.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every bench once on each of two threads, with all its parameters, so that none can rot. The
 * benches look at their results themselves; no time is looked at.
 */
class BenchesTest {

  static Stream<String> classes() {
    var output = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    return BenchmarkList.defaultList().getAll(output, List.of()).stream()
        .map(BenchmarkListEntry::getUserClassQName)
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("classes")
  void comesToTheRightResult(String bench) throws RunnerException {
    Options once =
        new OptionsBuilder()
            .include("^" + Pattern.quote(bench) + "\\.")
            .mode(Mode.SingleShotTime)
            .forks(0)
            .threads(2)
            .warmupIterations(0)
            .measurementIterations(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    assertThat(new Runner(once).run()).isNotEmpty();
  }
}
