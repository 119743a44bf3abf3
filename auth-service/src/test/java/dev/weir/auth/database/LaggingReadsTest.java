package dev.weir.auth.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Decides between two databases; nobody connects to either. */
class LaggingReadsTest {
  private final Database primary = new Database(nowhere());
  private final Database replica = Database.replica(nowhere());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong ticks = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void readsFromTheReplica() {
    var read = read(Optional.of(replica), Mono.just("far"), Mono.just("near"));
    assertThat(read.apply(1).block()).isEqualTo("far");
    assertThat(answeredBy("replica")).isOne();
  }

  @Test
  void readsFromThePrimaryWhereThereIsNoReplica() {
    var read = read(Optional.empty(), Mono.just("far"), Mono.just("near"));
    assertThat(read.apply(1).block()).isEqualTo("near");
    assertThat(answeredBy("primary")).as("that is nothing to count").isZero();
  }

  @Test
  void leavesAReplicaThatFailsAloneForAWhile() {
    var read = read(Optional.of(replica), lost(), Mono.just("near"));
    assertThat(read.apply(1).block()).isEqualTo("near");
    assertThat(read.apply(1).block()).isEqualTo("near");
    assertThat(asked).hasValue(1);
    assertThat(answeredBy("primary")).isEqualTo(2);
    ticks.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(read.apply(1).block()).isEqualTo("near");
    assertThat(asked).hasValue(2);
  }

  @Test
  void asksThePrimaryForWhatHasNotArrivedYet() {
    var read = read(Optional.of(replica), Mono.empty(), Mono.just("near"));
    assertThat(read.apply(1).block()).isEqualTo("near");
  }

  @Test
  void failsWhereBothAreLost() {
    var read = read(Optional.of(replica), lost(), lost());
    assertThatThrownBy(() -> read.apply(1).block()).isInstanceOf(Refused.class);
  }

  private Function<Integer, Mono<String>> read(
      Optional<Database> copy, Mono<String> far, Mono<String> near) {
    var reads = new LaggingReads(primary, copy, ticks::get, new AuthMetrics(registry));
    var counted = Mono.fromRunnable(asked::incrementAndGet).then(far);
    return reads.<Integer, String>of(database -> _ -> database.equals(replica) ? counted : near);
  }

  private static Mono<String> lost() {
    return Mono.error(() -> Refused.of(AuthError.DATABASE_UNAVAILABLE));
  }

  private double answeredBy(String who) {
    return registry.counter("weir.auth.replica.reads", "answered_by", who).count();
  }

  private static PostgresqlConnectionFactory nowhere() {
    return new PostgresqlConnectionFactory(
        PostgresqlConnectionConfiguration.builder()
            .host("127.0.0.1")
            .username("nobody")
            .password("-")
            .build());
  }
}
