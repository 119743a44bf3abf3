package dev.weir.gateway.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.jwt.Revocation.Kind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevocationSetTest {
  private final AtomicLong seconds = new AtomicLong(1000);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RevocationSet set =
      new RevocationSet(() -> Instant.ofEpochSecond(seconds.get()), meters, 3);

  private boolean isSessionRevoked(String id) {
    return set.isRevoked(id, "t", "u", 0);
  }

  @Test
  void outlivesTokensUnderTheMostSkewThatAnIssuerMayHave() {
    var fields = java.util.Map.of("kind", "sid", "id", "s", "exp", "1000");
    assertThat(Revocation.of(fields).orElseThrow().mootSeconds()).isEqualTo(1060);
  }

  @Test
  void forgetsWhatIsMoot() {
    set.add(new Revocation(Kind.SESSION, "a", 0, 1360));
    set.add(new Revocation(Kind.TOKEN, "b", 0, 1361));
    set.add(new Revocation(Kind.EPOCH, "c", 2, 1362));
    seconds.set(1360);
    set.sweep();
    assertThat(isSessionRevoked("a")).isFalse();
    assertThat(set.isRevoked("s", "b", "u", 0)).isTrue();
    seconds.set(1362);
    set.sweep();
    assertThat(set.held()).isZero();
    assertThat(set.isRevoked("s", "b", "c", 0)).isFalse();
  }

  @Test
  void readTwiceIsHeldOnceWithTheLaterEndAndTheHigherEpoch() {
    set.add(new Revocation(Kind.EPOCH, "u", 5, 1360));
    set.add(new Revocation(Kind.EPOCH, "u", 3, 1400));
    set.add(new Revocation(Kind.EPOCH, "u", 3, 1300));
    assertThat(set.held()).isEqualTo(1);
    seconds.set(1399);
    set.sweep();
    assertThat(set.isRevoked("s", "t", "u", 4)).isTrue();
    assertThat(set.isRevoked("s", "t", "u", 5)).isFalse();
    seconds.set(1400);
    set.sweep();
    assertThat(set.held()).isZero();
  }

  @Test
  void dropsWhatWillBeMootSoonestAtTheBoundAndCountsIt() {
    set.add(new Revocation(Kind.SESSION, "late", 0, 1360));
    set.add(new Revocation(Kind.SESSION, "soon", 0, 1100));
    set.add(new Revocation(Kind.SESSION, "later", 0, 1370));
    set.add(new Revocation(Kind.SESSION, "latest", 0, 1380));

    assertThat(set.held()).isEqualTo(3);
    assertThat(isSessionRevoked("soon")).isFalse();
    assertThat(isSessionRevoked("late")).isTrue();
    assertThat(isSessionRevoked("latest")).isTrue();
    assertThat(meters.counter("weir.revocations.dropped").count()).isEqualTo(1);
    assertThat(meters.get("weir.revocations.held").gauge().value()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "sid, '', '', 1360",
    "sid, 'a b', '', 1360",
    "sid, a, '', ''",
    "sid, a, '', soon",
    "ue, a, '', 1360",
    "ue, a, x, 1360",
    "other, a, 1, 1360"
  })
  void skipsAMalformedEntry(String kind, String id, String value, String exp) {
    assertThat(Revocation.of(Map.of("kind", kind, "id", id, "value", value, "exp", exp))).isEmpty();
    assertThat(Revocation.of(Map.of())).isEmpty();
  }
}
