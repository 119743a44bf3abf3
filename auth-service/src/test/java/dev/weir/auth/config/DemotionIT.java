package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.database.Database;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/**
 * Takes the writing away from a connection that is open, as an operator does before a fail-over.
 */
class DemotionIT {
  private static final String WRITE = "delete from auth.mfa_challenges where false";

  /** The role that deletes has one connection, so that the next call would get the same one. */
  @Test
  void writesNoMoreOnAConnectionThatWasFoundToBeReadOnly() {
    var variables = TestSystem.shared().variables();
    var settings = SettingsReader.read(SettingSources.of(variables)).database();
    try (var databases = new Databases(settings, new AuthMetrics(new SimpleMeterRegistry()))) {
      var database = databases.as(DatabaseRole.PURGING);
      assertThat(run(database, WRITE)).isZero();
      run(database, "set default_transaction_read_only = on");
      assertThatThrownBy(() -> run(database, WRITE)).isInstanceOf(Refused.class);
      assertThat(run(database, WRITE)).as("on another connection").isZero();
    }
  }

  private static long run(Database database, String sql) {
    return database.run(database.sql(sql).fetch().rowsUpdated()).blockOptional().orElseThrow();
  }
}
