package dev.weir.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProblemJsonTest {

  @Test
  void encodesEveryMember() {
    Rejection rejection =
        Rejection.of(GatewayError.THROTTLED, "a \"quote\", a \\ and\na \u0001 and \ud83d\ude00 é");
    byte[] body = ProblemJson.encode(rejection, "abc");
    JsonNode problem = JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
    assertThat(problem.get("type").asString()).isEqualTo("https://weir.dev/problems/throttled");
    assertThat(problem.get("title").asString()).isEqualTo("A rate limit is used up");
    assertThat(problem.get("status").asInt()).isEqualTo(429);
    assertThat(problem.get("detail").asString()).isEqualTo(rejection.detail());
    assertThat(problem.get("instance").asString()).isEqualTo("urn:weir:request:abc");
    assertThat(problem.get("code").asString()).isEqualTo("throttled");
  }

  @Test
  void codesAreUniqueAndKebabCase() {
    assertThat(Arrays.stream(GatewayError.values()).map(GatewayError::code))
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("[a-z]+(-[a-z]+)*"));
  }
}
