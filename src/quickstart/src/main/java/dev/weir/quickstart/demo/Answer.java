package dev.weir.quickstart.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What a demo service replies: a JSON document, and how long it pretends to work for it. */
record Answer(int status, String body, Map<String, String> headers, Duration delay) {
  private static final String JSON = "application/json";

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(int status, String body) {
    return new Answer(status, body, Map.of("Content-Type", JSON), Duration.ZERO);
  }

  /** A refusal as RFC 9457 describes it. */
  static Answer problem(int status, String title, String detail) {
    var body =
        Json.object(
            json -> {
              json.writeStringProperty("type", "about:blank");
              json.writeStringProperty("title", title);
              json.writeNumberProperty("status", status);
              json.writeStringProperty("detail", detail);
            });
    return new Answer(
        status, body, Map.of("Content-Type", "application/problem+json"), Duration.ZERO);
  }

  static Answer methodNotAllowed(String allowed) {
    return problem(405, "Method Not Allowed", "allowed here: " + allowed).with("Allow", allowed);
  }

  Answer with(String name, String value) {
    var more = new HashMap<>(headers);
    more.put(name, value);
    return new Answer(status, body, more, delay);
  }

  Answer after(Duration duration) {
    return new Answer(status, body, headers, duration);
  }
}
