package dev.weir.gateway.upstream;

import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Bodies that go on for long, read by clients that may not. */
@ExtendWith(LeakCheck.class)
final class UpstreamStreamIT {
  private static final String ENDLESS = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
  private static final String CHUNK = "x".repeat(10_000);
  private static final ClientFixture CLIENT = new ClientFixture();

  private final AtomicLong written = new AtomicLong();

  @AfterAll
  static void stop() {
    CLIENT.close();
  }

  private ScriptedUpstream endless() {
    return ScriptedUpstream.start(
        peer -> {
          peer.readHead();
          peer.write(ENDLESS);
          while (true) {
            peer.write(CHUNK);
            written.addAndGet(CHUNK.length());
          }
        });
  }

  private static Flux<ByteBuf> open(ClientFixture client, ScriptedUpstream server) {
    return open(client, Exchanges.upstream(server.endpoint()));
  }

  /** Returns an upstream of which nothing may stand still for longer than a moment. */
  private static Upstream impatient(ScriptedUpstream server) {
    Upstream plain = Exchanges.upstream(server.endpoint());
    PoolPolicy pool = plain.pool();
    return new Upstream(
        plain.name(),
        plain.endpoints(),
        new PoolPolicy(
            pool.connectTimeout(),
            pool.maxConnections(),
            pool.maxIdle(),
            pool.maxLife(),
            Duration.ofMillis(50)),
        plain.breaker(),
        plain.selection());
  }

  private static Flux<ByteBuf> open(ClientFixture client, Upstream upstream) {
    Exchange exchange =
        Exchanges.request(Exchanges.route(upstream), client.first(), HttpMethod.GET, "/a");
    UpstreamResponse response =
        Objects.requireNonNull(client.attempt(exchange).block(ClientFixture.PATIENCE));
    if (!(response.body() instanceof Body.Stream(Flux<ByteBuf> content, var _))) {
      throw new AssertionError("not a stream: " + response.body());
    }
    return content;
  }

  private static final class OneByOne extends BaseSubscriber<ByteBuf> {
    private final AtomicInteger received = new AtomicInteger();

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
      // Asks when the test says so.
    }

    @Override
    protected void hookOnNext(ByteBuf bytes) {
      received.addAndGet(bytes.readableBytes());
      bytes.release();
    }
  }

  @Test
  void slowReaderStopsUpstream() {
    try (var server = endless()) {
      var reader = new OneByOne();
      open(CLIENT, server).subscribe(reader);
      reader.request(1);
      var before = new AtomicLong(-1);
      await().until(() -> written.get() > 0 && before.getAndSet(written.get()) == written.get());
      long stopped = written.get();

      // One buffer came through; the rest fills the kernel's buffers and nothing of ours.
      assertThat(reader.received.get()).isLessThanOrEqualTo(128 * 1024);
      assertThat(stopped).isLessThan(16L * 1024 * 1024);

      reader.requestUnbounded();
      await().until(() -> written.get() > 2 * stopped);
      reader.cancel();
      await().until(() -> server.open() == 0);
    }
  }

  @Test
  void discardClosesConnection() {
    try (var server = endless()) {
      new UpstreamResponse(200, EmptyHttpHeaders.INSTANCE, new Body.Stream(open(CLIENT, server)))
          .discard();

      await().until(() -> server.open() == 0);
    }
  }

  @Test
  void prematureEndFailsTheFlux() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nsome");
              peer.readUntil("never");
            })) {
      Flux<ByteBuf> content = open(CLIENT, server);
      server.closeConnections();

      assertThat(awaitFailure(content.doOnNext(ByteBuf::release).then()).kind())
          .isEqualTo(Kind.RESET);
    }
  }

  @Test
  void bodyThatStandsStillIsBrokenOff() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nsome");
              peer.awaitClose();
            })) {
      Flux<ByteBuf> content = open(CLIENT, impatient(server));

      assertThat(awaitFailure(content.doOnNext(ByteBuf::release).then()).kind())
          .isEqualTo(Kind.TIMEOUT);
      await().until(() -> server.open() == 0);
    }
  }

  @Test
  void readerThatNeverComesIsBrokenOff() {
    try (var server = endless()) {
      Flux<ByteBuf> content = open(CLIENT, impatient(server));

      await().until(() -> server.open() == 0);
      assertThat(awaitFailure(content.then()).kind()).isEqualTo(Kind.TIMEOUT);
    }
  }
}
