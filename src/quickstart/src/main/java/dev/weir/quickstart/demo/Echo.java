package dev.weir.quickstart.demo;

import java.util.Locale;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.core.JsonGenerator;

/** Tells the caller what reached a service behind the gateway. */
final class Echo implements DemoService {
  private static final Set<String> MASKED = Set.of("authorization", "cookie");

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String instance() {
    return "echo";
  }

  @Override
  public Mono<Answer> answer(HttpServerRequest request) {
    return Bodies.size(request).map(size -> answer(request, size));
  }

  private static Answer answer(HttpServerRequest request, long size) {
    var path = DemoServer.path(request);
    if (path.endsWith("/hello")) {
      return Answer.json(200, Json.object(json -> json.writeStringProperty("message", "hello")));
    }
    return Answer.json(200, Json.object(json -> describe(request, size, json)));
  }

  private static void describe(HttpServerRequest request, long size, JsonGenerator json) {
    json.writeStringProperty("method", request.method().name());
    json.writeStringProperty("path", request.uri());
    json.writeNumberProperty("body_bytes", size);
    json.writeObjectPropertyStart("headers");
    for (var name : request.requestHeaders().names()) {
      var key = name.toLowerCase(Locale.ROOT);
      var value = String.join(", ", request.requestHeaders().getAll(name));
      json.writeStringProperty(key, MASKED.contains(key) ? "***" : value);
    }
    json.writeEndObject();
  }
}
