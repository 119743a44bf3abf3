package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code run} with a JDK that says what it was started with, and the real one's view.
 */
class StartScriptIT {
  private static final String OPTIONS = "-Xmx64m\n";
  private static final String RELEASE = "JAVA_VERSION=\"25\"\n";

  @TempDir Path folder;
  private Path application;

  @BeforeEach
  void layOutAnApplicationAndAJdk() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(folder.resolve("jdk/release"), RELEASE);
    Path java = Files.writeString(bin.resolve("java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    application = Files.createDirectories(folder.resolve("an app"));
    Files.copy(Path.of("run"), application.resolve("run"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(application.resolve("jvm.options"), OPTIONS);
    Files.writeString(application.resolve("gateway.jar"), "");
  }

  @Test
  void takesTheCacheThatWasMadeForThisJdkAndTheseOptions() throws Exception {
    cacheMadeFor(RELEASE + OPTIONS);

    Outcome outcome = run("-Dx=1", "check", "-", "--output");

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.arguments())
        .containsExactly(
            "@" + application.resolve("jvm.options"),
            "-XX:AOTCache=" + application.resolve("gateway.aot"),
            "-Dx=1",
            "-jar",
            application.resolve("gateway.jar").toString(),
            "check",
            "-",
            "--output");
  }

  @Test
  void saysInOneLineThatACacheIsForAnotherJvmAndStartsWithout() throws Exception {
    for (String maker : List.of(RELEASE + "-Xmx32m\n", "JAVA_VERSION=\"26\"\n" + OPTIONS, "")) {
      cacheMadeFor(maker);

      Outcome outcome = run();

      assertThat(outcome.errors()).singleElement().asString().contains("another JDK or other");
      assertThat(outcome.arguments()).noneMatch(argument -> argument.contains("AOTCache"));
      assertThat(outcome.arguments()).contains("-jar");
    }
  }

  @Test
  void saysInOneLineThatThereIsNoCacheAndStartsWithout() throws Exception {
    Outcome outcome = run();

    assertThat(outcome.errors()).singleElement().asString().contains("there is no");
    assertThat(outcome.arguments())
        .containsExactly(
            "@" + application.resolve("jvm.options"),
            "-jar",
            application.resolve("gateway.jar").toString());
  }

  @Test
  void theJvmTakesTheShippedOptionsWithoutAWord() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "--version")
            .redirectErrorStream(true)
            .start();

    assertThat(java.inputReader().lines().toList())
        .isNotEmpty()
        .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("warning"));
    assertThat(java.waitFor()).isZero();
  }

  private void cacheMadeFor(String maker) throws IOException {
    Files.writeString(application.resolve("gateway.aot"), "");
    Files.writeString(application.resolve("gateway.aot.for"), maker);
  }

  private record Outcome(List<String> arguments, List<String> errors) {}

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(application.resolve("run").toString()));
    command.addAll(List.of(arguments));
    Path errors = folder.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    Process process = builder.start();
    List<String> output = process.inputReader().lines().toList();
    assertThat(process.waitFor()).isZero();
    return new Outcome(output, Files.readAllLines(errors));
  }
}
