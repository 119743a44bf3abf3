package dev.weir.auth.key;

import java.util.function.UnaryOperator;

/**
 * Names a column of sealed values for {@link Resealing}: its table, the primary key to walk by, and
 * the place that a value in the row of this key is bound to.
 */
public record SealedColumn(
    String table, String id, IdType idType, String column, UnaryOperator<String> place) {
  /** The columns whose values are bound to their row. */
  public static SealedColumn ofRow(String table, String column, String place) {
    return new SealedColumn(table, "id", IdType.UUID, column, id -> place + ":" + id);
  }

  String batch(int limit) {
    return """
    select cast(%1$s as text) as id, %2$s as sealed from %3$s
    where %1$s > cast(:after as %4$s) and %2$s is not null order by %1$s limit %5$d"""
        .formatted(id, column, table, idType.sql, limit);
  }

  String replacement() {
    return "update %s set %s = :fresh where %s = cast(:id as %s) and %s = :old"
        .formatted(table, column, id, idType.sql, column);
  }

  /** The type of a primary key, and a value below all others. */
  public enum IdType {
    UUID("uuid", "00000000-0000-0000-0000-000000000000"),
    NUMBER("bigint", "-1"),
    TEXT("text", ""),
    BYTES("bytea", "\\x");

    private final String sql;
    private final String lowest;

    IdType(String sql, String lowest) {
      this.sql = sql;
      this.lowest = lowest;
    }

    String lowest() {
      return lowest;
    }
  }
}
