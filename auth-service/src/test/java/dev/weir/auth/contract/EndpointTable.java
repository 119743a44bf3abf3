package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what each endpoint answered, and asserts on the way that it was what was expected. */
final class EndpointTable {
  private static final String HEAD =
      """
      # Every endpoint of the identity service, with what it answers

      Written by `EndpointTableIT` from a run against real Postgres, Redis and SMTP; the test fails when this page and a run
      differ (`-Dweir.docs.write=true` writes it anew). Paths are the service's own. A refusal is `application/problem+json`
      with this `code`, and [runbooks/errors/auth](runbooks/errors/auth) has a page for each.

      | request | when | status | code |
      |---|---|---|---|
      """;

  private final Map<String, List<Row>> rows = new LinkedHashMap<>();
  private String endpoint = "";

  /** Begins an endpoint; what follows belongs to it. */
  EndpointTable of(String endpoint) {
    this.endpoint = endpoint;
    rows.computeIfAbsent(endpoint, _ -> new ArrayList<>());
    return this;
  }

  /** Notes a success. */
  Answer grants(String when, int status, Answer answer) {
    return row(when, status, "", answer);
  }

  /** Notes a refusal. */
  Answer refuses(String when, int status, String code, Answer answer) {
    var seen = row(when, status, code, answer);
    assertThat(seen.header("Content-Type"))
        .as(endpoint + ": " + when)
        .isEqualTo("application/problem+json");
    if (status == 401) {
      assertThat(seen.header("WWW-Authenticate")).isNotEmpty();
    }
    if (status == 429) {
      assertThat(seen.header("Retry-After")).isNotEmpty();
    }
    return seen;
  }

  private Answer row(String when, int status, String code, Answer answer) {
    var body = answer.response().body();
    assertThat(answer.status()).as("%s: %s: %s", endpoint, when, body).isEqualTo(status);
    var problem =
        answer.header("Content-Type").equals("application/problem+json") ? answer.code() : "";
    assertThat(problem).as(endpoint + ": " + when).isEqualTo(code);
    assertThat(answer.header("Cache-Control")).isNotEmpty();
    rows.getOrDefault(endpoint, new ArrayList<>()).add(new Row(when, status, code));
    return answer;
  }

  Set<String> endpoints() {
    return rows.keySet();
  }

  String markdown() {
    var page = new StringBuilder(HEAD);
    rows.forEach(
        (name, all) ->
            all.forEach(
                row ->
                    page.append(
                        "| `%s` | %s | %d | %s |\n"
                            .formatted(
                                name,
                                row.when(),
                                row.status(),
                                row.code().isEmpty()
                                    ? ""
                                    : "[%s](runbooks/errors/auth/%s.md)"
                                        .formatted(row.code(), row.code())))));
    return page.toString();
  }

  private record Row(String when, int status, String code) {}
}
