package dev.weir.gateway.routefile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemTest {
  private static final Problem PROBLEM =
      new Problem(
          "a \"b\".yaml",
          3,
          7,
          Severity.WARNING,
          ProblemCode.UNUSED,
          "tab\tline\n\u0001 \\ \ud83d\ude00 \u00e9",
          "x",
          "y");

  @Test
  void isOneLineOfText() {
    assertThat(
            new Problem(
                    "r.yaml", 3, 7, Severity.ERROR, ProblemCode.SYNTAX, "wrong", "right", "mend")
                .text())
        .isEqualTo("r.yaml:3:7: error: wrong; allowed: right; mend [syntax]");
  }

  @Test
  void isOneJsonObject() {
    JsonNode json = JsonMapper.shared().readTree(PROBLEM.json());

    assertThat(json.propertyNames())
        .containsExactly("severity", "code", "file", "line", "column", "message", "allowed", "fix");
    assertThat(json.get("severity").stringValue()).isEqualTo("warning");
    assertThat(json.get("code").stringValue()).isEqualTo("unused");
    assertThat(json.get("file").stringValue()).isEqualTo(PROBLEM.file());
    assertThat(json.get("line").intValue()).isEqualTo(3);
    assertThat(json.get("column").intValue()).isEqualTo(7);
    assertThat(json.get("message").stringValue()).isEqualTo(PROBLEM.message());
    assertThat(json.get("allowed").stringValue()).isEqualTo("x");
    assertThat(json.get("fix").stringValue()).isEqualTo("y");
  }
}
