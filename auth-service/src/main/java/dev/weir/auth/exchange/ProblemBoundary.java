package dev.weir.auth.exchange;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The one place where an error becomes an answer (RFC 9457). */
public final class ProblemBoundary
    implements HandlerFilterFunction<ServerResponse, ServerResponse> {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemBoundary.class);
  private static final String TYPE = "https://weir.dev/problems/auth/";

  @Override
  public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
    return Mono.defer(() -> next.handle(request)).onErrorResume(error -> answer(request, error));
  }

  private static Mono<ServerResponse> answer(ServerRequest request, Throwable error) {
    var facts = RequestFacts.of(request.exchange());
    var problem = problem(facts, error);
    facts.refused(problem.error());
    var response =
        ServerResponse.status(problem.error().status())
            .contentType(MediaType.APPLICATION_PROBLEM_JSON)
            .headers(headers -> problem.headers().forEach(headers::set));
    if (!problem.error().challenge().isEmpty()
        && !problem.headers().containsKey("WWW-Authenticate")) {
      response.header("WWW-Authenticate", problem.error().challenge());
    }
    return response.bodyValue(Json.STRICT.writeValueAsBytes(body(facts, problem)));
  }

  private static Problem problem(RequestFacts facts, Throwable error) {
    if (error instanceof Refused refused) {
      return refused.problem();
    }
    LOG.atError()
        .addKeyValue("request_id", facts.requestId())
        .addKeyValue("route", facts.route())
        .setCause(error)
        .log("request failed unexpectedly");
    return Problem.of(AuthError.INTERNAL);
  }

  private static Map<String, Object> body(RequestFacts facts, Problem problem) {
    var body = new LinkedHashMap<String, Object>();
    body.put("type", TYPE + problem.error().code());
    body.put("title", problem.error().title());
    body.put("status", problem.error().status());
    body.put("detail", problem.detail());
    body.put("instance", "urn:weir:request:" + facts.requestId());
    body.put("code", problem.error().code());
    body.put("trace_id", facts.traceId());
    if (!problem.faults().isEmpty()) {
      body.put("errors", List.copyOf(problem.faults()));
    }
    body.putAll(problem.members());
    return body;
  }
}
