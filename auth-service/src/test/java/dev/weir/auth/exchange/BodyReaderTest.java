package dev.weir.auth.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class BodyReaderTest {
  @Test
  void givesUpOnABodyThatTricklesIn() {
    StepVerifier.withVirtualTime(() -> BodyReader.read(request(Flux.never())))
        .expectSubscription()
        .expectNoEvent(Duration.ofSeconds(4))
        .thenAwait(Duration.ofSeconds(1))
        .expectErrorSatisfies(
            error ->
                assertThat(((Refused) error).problem().error()).isEqualTo(AuthError.BODY_TIMEOUT))
        .verify(Duration.ofSeconds(10));
  }

  private static ServerRequest request(Flux<DataBuffer> body) {
    var request =
        MockServerHttpRequest.post("/login").contentType(MediaType.APPLICATION_JSON).body(body);
    return ServerRequest.create(MockServerWebExchange.from(request), List.of());
  }
}
