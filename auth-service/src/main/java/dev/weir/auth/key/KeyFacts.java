package dev.weir.auth.key;

import dev.weir.auth.database.Row;
import java.time.Instant;

/** What may be told of a stored key. */
public record KeyFacts(String kid, String use, String state, Instant since, String kekId) {
  static KeyFacts of(Row row) {
    return new KeyFacts(
        row.text("kid"),
        row.text("use"),
        row.text("state"),
        row.instant("state_since"),
        row.text("kek_id"));
  }
}
