package dev.weir.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.testing.RangeServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asks a real server on this machine. */
class PasswordRangesTest {
  /** SHA-1 of "password": 5BAA6 1E4C9B93F3F0682250B6CF8331B7EE68FD8. */
  private static final String SUFFIX = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

  private static final String OTHER = "0018A45C4D1DEF81644B54AB7F969B88D65";

  private final RangeServer server = RangeServer.start();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong ticks = new AtomicLong();
  private final PasswordRanges ranges = at(server.base(), Duration.ofSeconds(10));

  @AfterEach
  void stop() {
    ranges.close();
    server.close();
  }

  @Test
  void tellsFiveDigitsOnlyAndComparesTheRestHere() {
    server.put(
        "5BAA6", OTHER + ":3\r\n" + SUFFIX.toLowerCase(java.util.Locale.ROOT) + ":52256\r\n");
    assertThat(knows("password")).isTrue();
    assertThat(server.requests()).containsExactly("/range/5BAA6 true");
    assertThat(checks("leaked")).isOne();
  }

  @Test
  void letsWhatIsNotListedOrIsMerePaddingPass() {
    server.put("5BAA6", OTHER + ":3\r\n" + SUFFIX + ":0\r\n");
    assertThat(knows("password")).isFalse();
    assertThat(knows("a range without a body")).isFalse();
    assertThat(checks("unknown")).isEqualTo(2);
  }

  @Test
  void letsEverythingPassWhileTheServiceFailsAndAsksAgainAfterAPause() {
    server.put("5BAA6", SUFFIX + ":1");
    server.answerWith(503);
    assertThat(knows("password")).isFalse();
    server.answerWith(200);
    assertThat(knows("password")).as("within the pause").isFalse();
    assertThat(server.requests()).hasSize(1);
    ticks.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(knows("password")).as("after it").isTrue();
    assertThat(checks("failed")).isOne();
    assertThat(checks("skipped")).isOne();
  }

  @Test
  void readsNoEndlessAnswer() {
    server.put("5BAA6", (OTHER + ":1\n").repeat(10_000) + SUFFIX + ":1");
    assertThat(knows("password")).isFalse();
    assertThat(checks("failed")).isOne();
  }

  @Test
  void waitsForNobodyWhoNeverAnswers() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var asking =
            at(
                URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/"),
                Duration.ofMillis(50))) {
      assertThat(asking.contains("password").block(Duration.ofSeconds(10))).isFalse();
      assertThat(checks("failed")).isOne();
    }
  }

  @Test
  void takesABaseWithoutASlashAtItsEnd() {
    server.put("5BAA6", SUFFIX + ":1");
    var base = URI.create(server.base().toString().replaceFirst("/$", ""));
    try (var asking = at(base, Duration.ofSeconds(10))) {
      assertThat(asking.contains("password").block(Duration.ofSeconds(10))).isTrue();
    }
  }

  private PasswordRanges at(URI base, Duration patience) {
    return new PasswordRanges(base, patience, ticks::get, new AuthMetrics(registry));
  }

  private boolean knows(String password) {
    return ranges.contains(password).blockOptional(Duration.ofSeconds(10)).orElseThrow();
  }

  private double checks(String outcome) {
    return registry.counter("weir.auth.leak.checks", "outcome", outcome).count();
  }
}
