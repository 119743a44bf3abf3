package dev.weir.auth.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tells what is behind a connection that was not to be had. */
class OutageLogTest {
  @Test
  void tellsTheCauseOfTheCause() {
    var wrong = new IllegalStateException("[28P01] password authentication failed");
    var outer = new IllegalArgumentException("Failed to obtain R2DBC Connection", wrong);
    assertThat(OutageLog.chain(outer))
        .isEqualTo(
            "java.lang.IllegalArgumentException: Failed to obtain R2DBC Connection, because of"
                + " java.lang.IllegalStateException: [28P01] password authentication failed");
  }

  @Test
  void endsWhereCausesGoRound() {
    var first = new IllegalStateException("first");
    var second = new IllegalStateException("second", first);
    first.initCause(second);
    assertThat(OutageLog.chain(first).split("because of", -1)).hasSize(6);
  }
}
