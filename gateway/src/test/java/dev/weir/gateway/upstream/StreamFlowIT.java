package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.Http2Call;
import dev.weir.gateway.fixture.Http2Upstream;
import dev.weir.gateway.fixture.Http2Upstream.Setup;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.route.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Who does not read stops who sends to him, and nobody else, in both directions. */
@ExtendWith(LeakCheck.class)
final class StreamFlowIT {
  private static final int CHUNK = 16_000;
  private static final int CHUNKS = 100;

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void stop() {
    client.close();
  }

  /** Reads what it is told to. */
  private static final class Reader extends BaseSubscriber<ByteBuf> {
    private final AtomicLong read = new AtomicLong();
    private final long first;

    Reader(long first) {
      this.first = first;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      if (first > 0) {
        subscription.request(first);
      }
    }

    @Override
    protected void hookOnNext(ByteBuf bytes) {
      read.addAndGet(bytes.readableBytes());
      bytes.release();
    }
  }

  private UpstreamResponse respond(Upstream upstream) {
    Exchange exchange =
        Exchanges.request(Exchanges.route(upstream), client.first(), HttpMethod.GET, "/a");
    return Objects.requireNonNull(client.attempt(exchange).block(ClientFixture.PATIENCE));
  }

  private static void sendMuch(Http2Call call, AtomicInteger sent) {
    call.head(200);
    for (int i = 0; i < CHUNKS; i++) {
      call.data("x".repeat(CHUNK), i == CHUNKS - 1)
          .addListener(write -> sent.addAndGet(write.isSuccess() ? CHUNK : 0));
    }
  }

  @Test
  void clientThatReadsNothingStopsItsStreamAlone() {
    AtomicInteger sent = new AtomicInteger();
    try (var server =
        Http2Upstream.start(
            call -> {
              if (call.field(":path").equals("/a")) {
                sendMuch(call, sent);
              } else {
                call.ok("ok");
              }
            })) {
      Upstream upstream = server.upstream(1);
      Reader slow = new Reader(0);
      Reader quick = new Reader(Long.MAX_VALUE);
      ((Body.Stream) respond(upstream).body()).content().subscribe(slow);
      ((Body.Stream) respond(upstream).body()).content().subscribe(quick);

      await().until(() -> quick.read.get() == CHUNK * CHUNKS);
      assertThat(sent.get()).isLessThan(CHUNK * CHUNKS + 4 * 65_535);
      assertThat(slow.read.get()).isZero();
      slow.requestUnbounded();
      await().until(() -> slow.read.get() == CHUNK * CHUNKS);
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void cancelOfAStalledStreamGivesItsBuffersBack() {
    try (var server = Http2Upstream.start(call -> sendMuch(call, new AtomicInteger()))) {
      Reader slow = new Reader(1);
      ((Body.Stream) respond(server.upstream(1)).body()).content().subscribe(slow);
      await().until(() -> slow.read.get() > 0);
      slow.cancel();

      await().until(() -> server.calls().getFirst().resetCode() >= 0);
      assertThat(server.open()).isOne();
    }
  }

  @Test
  void upstreamThatReadsNothingStopsTheClient() {
    AtomicInteger taken = new AtomicInteger();
    Flux<ByteBuf> body =
        Flux.range(0, CHUNKS)
            .map(
                _ -> {
                  taken.incrementAndGet();
                  return Exchanges.bytes("x".repeat(CHUNK));
                });
    try (var server =
        Http2Upstream.start(
            Setup.of(call -> call.ok(String.valueOf(call.body().length())))
                .onHead(call -> call.stream().config().setAutoRead(false)))) {
      var exchange =
          Exchanges.request(
              Exchanges.route(server.upstream(1)),
              client.first(),
              HttpMethod.POST,
              body,
              fields -> fields);
      var answer = client.attempt(exchange).flatMap(Answer::read).toFuture();
      // The window and the mark above which a stream takes no more, and a buffer on the way.
      await().until(() -> taken.get() >= 65_535 / CHUNK);
      await().during(Duration.ofMillis(200)).until(() -> taken.get() < 20);
      server.calls().getFirst().stream().config().setAutoRead(true);

      assertThat(Objects.requireNonNull(answer.join()).body())
          .isEqualTo(String.valueOf(CHUNK * CHUNKS));
    }
  }
}
