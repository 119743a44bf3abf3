package dev.weir.auth.exchange;

import dev.weir.auth.problem.AuthError;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.web.server.ServerWebExchange;

/**
 * What is known about one request, for its log line and its meters. Written by the one thread that
 * works on the request at a time; the reactive chain orders those writes before the reads at its
 * end.
 */
public final class RequestFacts {
  private static final String ATTRIBUTE = RequestFacts.class.getName();
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern TRACE_PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

  private final String requestId;
  private final String traceId;
  private Operation operation = Operation.UNKNOWN;
  private String route = "-";
  private Optional<AuthError> refusal = Optional.empty();

  private RequestFacts(String requestId, String traceId) {
    this.requestId = requestId;
    this.traceId = traceId;
  }

  /**
   * Takes the request id that the edge minted; one that is missing or odd is replaced, never
   * logged.
   */
  static RequestFacts attach(ServerWebExchange exchange) {
    var headers = exchange.getRequest().getHeaders();
    var id =
        Optional.ofNullable(headers.getFirst("X-Request-Id"))
            .filter(value -> REQUEST_ID.matcher(value).matches())
            .orElseGet(() -> UUID.randomUUID().toString());
    var trace =
        Optional.ofNullable(headers.getFirst("traceparent"))
            .map(TRACE_PARENT::matcher)
            .filter(java.util.regex.Matcher::matches)
            .map(matcher -> matcher.group(1))
            .orElse(id);
    var facts = new RequestFacts(id, trace);
    exchange.getAttributes().put(ATTRIBUTE, facts);
    return facts;
  }

  public static RequestFacts of(ServerWebExchange exchange) {
    return exchange.getRequiredAttribute(ATTRIBUTE);
  }

  public String requestId() {
    return requestId;
  }

  public String traceId() {
    return traceId;
  }

  void matched(Endpoint endpoint) {
    operation = endpoint.operation();
    route = endpoint.pattern();
  }

  void refused(AuthError error) {
    refusal = Optional.of(error);
  }

  Operation operation() {
    return operation;
  }

  String route() {
    return route;
  }

  Optional<AuthError> refusal() {
    return refusal;
  }
}
