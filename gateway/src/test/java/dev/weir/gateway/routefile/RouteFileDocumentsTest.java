package dev.weir.gateway.routefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the schema and the page with what the parser takes. */
class RouteFileDocumentsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @ParameterizedTest
  @EnumSource(Shape.class)
  void schemaHasTheKeysOfTheParser(Shape shape) throws IOException {
    JsonNode schema = schemaOf(shape);

    assertThat(schema.get("properties").propertyNames()).containsExactlyElementsOf(shape.names());
    assertThat(schema.get("required").valueStream().map(JsonNode::stringValue))
        .containsExactlyElementsOf(
            shape.keys().stream().filter(Shape.Key::required).map(Shape.Key::name).toList());
    assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
  }

  @Test
  void schemaHasTheWordsOfTheParser() throws IOException {
    Map<String, Format<?>> words = new HashMap<>();
    words.put("/$defs/key-part/anyOf/0", Grammar.PLAIN_KEY);
    words.put("/$defs/limit/properties/mode", Grammar.MODE);
    words.put("/$defs/concurrency/properties/mode", Grammar.CONCURRENCY);
    words.put("/$defs/limit/properties/on-redis-loss", Grammar.ON_REDIS_LOSS);
    assertThat(Shape.COST.names()).containsExactly(Grammar.METHOD.allowed().split(", ", -1));
    words.put("/$defs/route/properties/priority/oneOf/0", Grammar.PRIORITY);
    words.put("/$defs/priority/properties/otherwise", Grammar.PRIORITY);
    words.put("/$defs/route/properties/brown-out/items", Grammar.BROWN_OUT);
    words.put("/$defs/match/properties/methods/items", Grammar.METHOD);
    words.put("/$defs/retry/properties/on/items", Grammar.CAUSE);
    words.put(
        "/$defs/upstream/properties/balance/oneOf/0",
        new ChoiceFormat<>(Map.of("round-robin", 1, "least-requests", 2)));
    words.put("/$defs/issuer/properties/algorithms/items", Grammar.ALGORITHM);
    for (Map.Entry<String, Format<?>> entry : words.entrySet()) {
      assertThat(
              schema()
                  .at(entry.getKey())
                  .get("enum")
                  .valueStream()
                  .map(JsonNode::asString)
                  .distinct())
          .as(entry.getKey())
          .containsExactlyInAnyOrder(entry.getValue().allowed().split(", ", -1));
    }
  }

  @Test
  void schemaHasTheBoundsOfTheParser() throws IOException {
    Map<String, Format<Integer>> numbers = new HashMap<>();
    numbers.put("/$defs/limit/properties/burst", Grammar.BURST);
    numbers.put("/$defs/limit/properties/cost/oneOf/0", Grammar.COST);
    numbers.put("/$defs/use/properties/cost/oneOf/0", Grammar.COST);
    Shape.COST.names().forEach(of -> numbers.put("/$defs/cost/properties/" + of, Grammar.COST));
    numbers.put("/$defs/limit/properties/ipv4-prefix", Grammar.IPV4_PREFIX);
    numbers.put("/$defs/limit/properties/ipv6-prefix", Grammar.IPV6_PREFIX);
    numbers.put("/$defs/upstream/properties/max-connections", Grammar.MAX_CONNECTIONS);
    numbers.put("/$defs/retry/properties/attempts", Grammar.ATTEMPTS);
    numbers.put("/$defs/upstream/properties/max-requests", Grammar.MAX_REQUESTS);
    numbers.put("/$defs/concurrency/properties/minimum", Grammar.MAX_REQUESTS);
    numbers.put("/$defs/hedge/properties/percentile", Grammar.PERCENTILE);
    numbers.put("/$defs/fallback/properties/status", Grammar.FALLBACK_STATUS);
    numbers.put("/$defs/health/properties/unhealthy-after", Grammar.CHECKS);
    numbers.put("/$defs/ejection/properties/consecutive-failures", Grammar.FAILURES);
    numbers.put("/$defs/health/properties/healthy-after", Grammar.CHECKS);
    numbers.put("/$defs/breaker/properties/window", Grammar.BREAKER_WINDOW);
    numbers.put("/$defs/breaker/properties/minimum-calls", Grammar.BREAKER_WINDOW);
    numbers.put("/$defs/breaker/properties/half-open-calls", Grammar.HALF_OPEN_CALLS);
    for (Map.Entry<String, Format<Integer>> entry : numbers.entrySet()) {
      JsonNode property = schema().at(entry.getKey());
      assertThat(entry.getValue().allowed())
          .as(entry.getKey())
          .isEqualTo(
              "a whole number from %d to %d"
                  .formatted(
                      property.get("minimum").intValue(), property.get("maximum").intValue()));
    }
    assertThat(schema().at("/properties/routes/maxItems").intValue())
        .isEqualTo(Grammar.MOST_ROUTES);
    assertThat(schema().at("/$defs/route/properties/limits/maxItems").intValue())
        .isEqualTo(Grammar.MOST_LIMITS_OF_A_ROUTE);
    assertThat(schema().at("/$defs/limit/properties/key/oneOf/1/maxItems").intValue())
        .isEqualTo(Grammar.MOST_KEY_PARTS);
  }

  @Test
  void pageNamesEveryKeyEveryCodeAndEveryBound() throws IOException {
    String page = Files.readString(DOCS.resolve("routes.md"));
    TreeSet<String> missing = new TreeSet<>();
    for (Shape shape : Shape.values()) {
      shape.names().stream().filter(name -> !page.contains("`" + name + "`")).forEach(missing::add);
    }
    for (ProblemCode code : ProblemCode.values()) {
      if (!page.contains("`" + code.code() + "`")) {
        missing.add(code.code());
      }
    }
    for (Format<?> format :
        List.of(
            Grammar.CLOCK_SKEW,
            Grammar.CONNECT_TIMEOUT,
            Grammar.MAX_IDLE,
            Grammar.MAX_LIFE,
            Grammar.IDLE_TIMEOUT,
            Grammar.CHECK_INTERVAL,
            Grammar.EJECT_FOR,
            Grammar.MAX_EJECT_FOR,
            Grammar.SLOW_START,
            Grammar.CHECK_TIMEOUT,
            Grammar.OPEN_FOR,
            Grammar.MAX_BODY,
            Grammar.BACK_OFF,
            Grammar.STALE,
            Grammar.KEPT_BODY,
            Grammar.CALL_TIME)) {
      String bounds = format.allowed().replaceAll(".*from (\\S+) to (\\S+),.*", "$1 to $2");
      if (!page.contains(bounds)) {
        missing.add(bounds);
      }
    }
    assertThat(missing).isEmpty();
  }

  private static JsonNode schemaOf(Shape shape) throws IOException {
    return shape == Shape.FILE
        ? schema()
        : schema().get("$defs").get(shape.name().toLowerCase(Locale.ROOT));
  }

  private static JsonNode schema() throws IOException {
    return JsonMapper.shared().readTree(Files.readString(DOCS.resolve("routes.schema.json")));
  }
}
