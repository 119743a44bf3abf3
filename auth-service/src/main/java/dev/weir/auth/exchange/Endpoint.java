package dev.weir.auth.exchange;

import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** One method of one path, and what answers it. */
public record Endpoint(
    Operation operation,
    HttpMethod method,
    String pattern,
    HandlerFunction<ServerResponse> handler) {

  /**
   * Returns the methods that this endpoint answers: whoever may GET may also ask for the head alone
   * (RFC 9110 9.1).
   */
  List<HttpMethod> methods() {
    return method.equals(HttpMethod.GET)
        ? List.of(HttpMethod.GET, HttpMethod.HEAD)
        : List.of(method);
  }
}
