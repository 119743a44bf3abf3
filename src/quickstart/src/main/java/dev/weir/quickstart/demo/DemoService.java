package dev.weir.quickstart.demo;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** One of the services that stand behind the gateway in the demo. */
interface DemoService {
  String name();

  /** Which of several equal processes this is. */
  String instance();

  Mono<Answer> answer(HttpServerRequest request);
}
