package dev.weir.gateway.upstream;

import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static dev.weir.gateway.upstream.ClientFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Upstream;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How connections are kept, bounded, shared between loops and let go. */
@ExtendWith(LeakCheck.class)
final class UpstreamPoolIT {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ClientFixture client = new ClientFixture();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void stop() {
    gate.countDown();
    client.close();
  }

  private ScriptedUpstream gated() {
    return ScriptedUpstream.start(
        peer -> {
          while (peer.readHead()) {
            pass();
            peer.write(OK);
          }
        });
  }

  private void pass() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void holdsTheBoundOverAllLoops() {
    try (var server = gated()) {
      Upstream upstream = upstream(server, 3, LONG);
      var answers =
          Flux.range(0, 3)
              .flatMap(i -> client.get(upstream, i % 2 == 0 ? client.first() : client.second()))
              .collectList()
              .toFuture();
      await().until(() -> server.heads().size() == 3);
      var late = client.get(upstream, client.second()).toFuture();
      assertThat(client.connections("active")).isEqualTo(3);
      gate.countDown();

      assertThat(answers.join()).hasSize(3);
      assertThat(late.join().body()).isEqualTo("ok");
      assertThat(server.accepted()).isLessThanOrEqualTo(4);
      await().until(() -> server.open() <= 3);
    }
  }

  @Test
  void loopsTakeTurnsAtOneConnection() {
    try (var server = ScriptedUpstream.answering(OK)) {
      Upstream upstream = upstream(server, 1, LONG);
      var answers =
          Flux.range(0, 400)
              .flatMap(i -> client.get(upstream, i % 2 == 0 ? client.first() : client.second()), 2)
              .collectList()
              .block(ClientFixture.PATIENCE);

      assertThat(answers).hasSize(400).allMatch(answer -> answer.body().equals("ok"));
      await().until(() -> server.open() == 1);
    }
  }

  @Test
  void waitingForConnectionIsBounded() {
    try (var server = gated()) {
      Upstream upstream = upstream(server, 1, LONG);
      var running = client.get(upstream, client.first()).toFuture();
      await().until(() -> server.heads().size() == 1);
      var queued =
          Flux.range(0, LoopPool.MIN_WAITING)
              .flatMap(i -> client.get(upstream, client.first()), LoopPool.MIN_WAITING)
              .then()
              .toFuture();
      var refused = awaitFailure(client.get(upstream, client.first()));

      assertThat(refused.kind()).isEqualTo(Kind.POOL_EXHAUSTED);
      assertThat(refused.requestSent()).isFalse();
      assertThat(awaitFailure(Mono.fromFuture(queued)).kind()).isEqualTo(Kind.POOL_EXHAUSTED);
      gate.countDown();
      assertThat(running.join().body()).isEqualTo("ok");
    }
  }

  @Test
  void closesWhatIsIdleTooLong() {
    try (var server = ScriptedUpstream.answering(OK)) {
      Upstream upstream = upstream(server, 4, Duration.ofMillis(100));
      ClientFixture.await(client.get(upstream, client.first()));

      await().until(() -> server.open() == 0);
      await().until(() -> client.connections("idle") == 0);
      assertThat(ClientFixture.await(client.get(upstream, client.first())).body()).isEqualTo("ok");
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void takesTheConnectionUsedLast() {
    try (var server = gated()) {
      Upstream upstream = upstream(server, 4, LONG);
      var both =
          Flux.range(0, 2)
              .flatMap(i -> client.get(upstream, client.first()), 2)
              .collectList()
              .toFuture();
      await().until(() -> server.heads().size() == 2);
      gate.countDown();
      both.join();
      await().until(() -> client.connections("idle") == 2);
      for (int i = 0; i < 5; i++) {
        ClientFixture.await(client.get(upstream, client.first()));
      }

      assertThat(server.accepted()).isEqualTo(2);
      assertThat(server.headsOf(1) == 1 || server.headsOf(2) == 1).isTrue();
    }
  }

  @Test
  void closesWhatIsTooOldOnceItIsIdle() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              while (peer.readHead()) {
                if (peer.number() == 1) {
                  pass();
                }
                peer.write(OK);
              }
            })) {
      Upstream plain = upstream(server, 4, LONG);
      Upstream shortLived =
          new Upstream(
              plain.name(),
              plain.endpoints(),
              new PoolPolicy(Duration.ofMillis(300), 4, LONG, Duration.ofMillis(100), LONG),
              plain.breaker(),
              plain.selection());
      var running = client.get(shortLived, client.first()).toFuture();
      await().until(() -> server.heads().size() == 1);
      assertThat(ClientFixture.await(client.get(shortLived, client.second())).body())
          .isEqualTo("ok");

      // The younger one goes, as it is idle; the older one still carries a request.
      await().until(() -> server.open() == 1);
      gate.countDown();
      assertThat(running.join().body()).isEqualTo("ok");
      await().until(() -> server.open() == 0);
    }
  }

  @Test
  void dropsWhatPeerClosedWhileIdle() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write(OK);
            })) {
      Upstream upstream = upstream(server, 4, LONG);
      ClientFixture.await(client.get(upstream, client.first()));
      await().until(() -> client.connections("idle") == 0 && client.connections("active") == 0);

      assertThat(ClientFixture.await(client.get(upstream, client.first())).body()).isEqualTo("ok");
    }
  }

  /**
   * The first connection dies when it is used a second time, as one does that the peer timed out.
   */
  private static ScriptedUpstream staleOnSecondUse() {
    return ScriptedUpstream.start(
        peer -> {
          peer.readHead();
          peer.write(OK);
          peer.readHead();
          if (peer.number() == 1) {
            peer.reset();
          } else {
            peer.write(OK);
          }
        });
  }

  @Test
  void replaysOnStaleConnection() {
    try (var server = staleOnSecondUse()) {
      Upstream upstream = upstream(server, 4, LONG);
      ClientFixture.await(client.get(upstream, client.first()));
      Answer second = ClientFixture.await(client.get(upstream, client.first()));

      assertThat(second.body()).isEqualTo("ok");
      assertThat(server.accepted()).isEqualTo(2);
      assertThat(server.heads()).hasSize(3);
    }
  }

  @Test
  void neverReplaysWhatIsNotIdempotent() {
    try (var server = staleOnSecondUse()) {
      Upstream upstream = upstream(server, 4, LONG);
      EventLoop loop = client.first();
      ClientFixture.await(client.send(upstream, loop, HttpMethod.POST));
      var failure = awaitFailure(client.send(upstream, loop, HttpMethod.POST));

      assertThat(failure.kind()).isEqualTo(Kind.RESET);
      assertThat(failure.requestSent()).isTrue();
      assertThat(server.heads()).hasSize(2);
    }
  }

  @Test
  void closesConnectionThatSpeaksUnasked() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write(OK);
              await().until(() -> client.connections("idle") == 1);
              peer.write("HTTP/1.1 408 Request Timeout\r\n\r\n");
              peer.awaitClose();
            })) {
      Upstream upstream = upstream(server, 4, LONG);
      ClientFixture.await(client.get(upstream, client.first()));

      await().until(() -> server.open() == 0);
      assertThat(client.connections("idle")).isZero();
    }
  }

  @Test
  void retiresPoolsThatNobodyUses() {
    try (var server = gated()) {
      Upstream old = upstream(server, 4, LONG);
      var running = client.get(old, client.first()).toFuture();
      await().until(() -> server.heads().size() == 1);
      client.client().retain(Set.of(), Upstream::endpoints);
      gate.countDown();

      assertThat(running.join().body()).isEqualTo("ok");
      await().until(() -> server.open() == 0);
      assertThat(client.showsConnections()).isFalse();
    }
  }

  @Test
  void equalPolicyKeepsItsPool() {
    try (var server = ScriptedUpstream.answering(OK)) {
      ClientFixture.await(client.get(upstream(server, 4, LONG), client.first()));
      client.client().retain(Set.of(upstream(server, 4, LONG)), Upstream::endpoints);
      ClientFixture.await(client.get(upstream(server, 4, LONG), client.first()));

      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void cancelBeforeHeadClosesConnection() {
    try (var server = gated()) {
      var running = client.get(upstream(server, 4, LONG), client.first()).subscribe();
      await().until(() -> server.heads().size() == 1);
      running.dispose();

      await().until(() -> client.connections("active") == 0);
    }
  }
}
