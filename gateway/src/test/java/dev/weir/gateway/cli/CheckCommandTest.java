package dev.weir.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
  private static final String SOUND =
      """
      version: 1
      upstreams:
        orders: { endpoints: [http://127.0.0.1:9101] }
      routes:
        - { id: orders, match: { path: /orders }, upstream: orders, auth: none }
      """;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void countsWhatASoundFileHolds() throws IOException {
    Path file = write(SOUND);

    assertThat(run(file.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(file + ": ok, 1 route, 1 upstream, 0 limits\n");
    assertThat(err.size()).isZero();
  }

  @Test
  void showsEveryProblemWithItsLineAndACaret() throws IOException {
    Path file =
        write(SOUND.replace("auth: none", "deadline: 5").replace("version: 1", "version: 9"));

    assertThat(run(file.toString())).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8).replace(file.toString(), "F"))
        .isEqualTo(
            """
            F:1:10: error: version '9' is unknown; allowed: 1; did you mean 1? [bad-value]
                 1 | version: 9
                   |          ^

            F:5:5: error: a route has no 'auth'; allowed: a route with 'auth'; add auth: { issuer: NAME }, or auth: none to let everyone in [missing-key]
                 5 |   - { id: orders, match: { path: /orders }, upstream: orders, deadline: 5 }
                   |     ^

            F:5:73: error: deadline '5' has no unit; allowed: a duration from 1ms to 1h, with its unit ms, s, m, h or d; write 5s or 5ms [unit-missing]
                 5 |   - { id: orders, match: { path: /orders }, upstream: orders, deadline: 5 }
                   |                                                                         ^

            3 problems in F
            """);
  }

  @Test
  void takesAFileWithWarnings() throws IOException {
    Path file = write("limits: { idle: { key: route, rate: 1/1s } }\n" + SOUND);

    assertThat(run(file.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(":1:11: warning: no route uses 'idle' of limits;")
        .endsWith(file + ": ok, 1 route, 1 upstream, 1 limit, 1 warning\n");
  }

  @Test
  void saysHowManyLimitsAreOnlyTried() throws IOException {
    String limits = "limits: { tried: { key: route, rate: 1/1s, mode: shadow } }\n";
    Path file = write(limits + SOUND.replace("auth: none", "auth: none, limits: [tried]"));

    assertThat(run(file.toString())).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(file + ": ok, 1 route, 1 upstream, 1 limit (1 in shadow mode)\n");
    out.reset();
    assertThat(run(file.toString(), "--output", "json")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"limits\":1,\"shadowLimits\":1,");
  }

  @Test
  void answersInJson() throws IOException {
    Path broken = write(SOUND.replace("none", "open"));
    assertThat(run("--output", "json", broken.toString())).isEqualTo(1);
    JsonNode json = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(json.get("ok").booleanValue()).isFalse();
    assertThat(json.get("file").stringValue()).isEqualTo(broken.toString());
    assertThat(json.get("problems").get(0).get("code").stringValue()).isEqualTo("bad-value");

    out.reset();
    assertThat(run(write(SOUND).toString(), "--output=json")).isZero();
    json = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(json.get("ok").booleanValue()).isTrue();
    assertThat(json.get("revision").stringValue()).matches("[0-9a-f]{12}");
    assertThat(json.get("routes").intValue()).isEqualTo(1);
    assertThat(json.get("problems").isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "''                    ! weir check: no file given; usage: check FILE [--output text|json]",
        "a.yaml b.yaml         ! weir check: unexpected argument 'b.yaml'; usage: check FILE"
            + " [--output text|json]",
        "a.yaml --strict       ! weir check: unexpected argument '--strict'; usage: check FILE"
            + " [--output text|json]",
        "a.yaml --output       ! weir check: unexpected argument '--output'; usage: check FILE"
            + " [--output text|json]",
        "a.yaml --output sarif ! weir check: unknown output 'sarif'; usage: check FILE [--output"
            + " text|json]",
        "no-such.yaml          ! weir check: no-such.yaml: the file cannot be read: there is no"
            + " such file",
      })
  void saysInOneLineWhatItCannotCheck(String args, String said) {
    assertThat(run(args.isEmpty() ? new String[0] : args.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(said + System.lineSeparator());
    assertThat(out.size()).isZero();
  }

  @Test
  void showsALongLineAroundTheCaret() throws IOException {
    Path file = write(SOUND.replace("auth: none", " ".repeat(200) + "auth: open"));

    assertThat(run(file.toString())).isEqualTo(1);
    String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
    assertThat(lines[1]).hasSizeLessThan(120);
    assertThat(lines[1].substring(lines[2].indexOf('^'))).startsWith("open }");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("routes.yaml"), text);
  }

  private int run(String... args) {
    return CheckCommand.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
