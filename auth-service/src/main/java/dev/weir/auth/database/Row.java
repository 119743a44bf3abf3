package dev.weir.auth.database;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * One row of a result, read by column: what the schema says is never null comes as it is, the rest
 * as an Optional.
 */
public final class Row {
  private final Readable columns;

  private Row(Readable columns) {
    this.columns = columns;
  }

  /** Adapts a reader of rows to what the database client asks for. */
  public static <T> Function<Readable, T> as(Function<Row, T> reader) {
    return readable -> reader.apply(new Row(readable));
  }

  public String text(String column) {
    return get(column, String.class);
  }

  public Optional<String> optionalText(String column) {
    return Optional.ofNullable(columns.get(column, String.class));
  }

  public List<String> texts(String column) {
    return List.of(get(column, String[].class));
  }

  public UUID id(String column) {
    return get(column, UUID.class);
  }

  public long number(String column) {
    return get(column, Long.class);
  }

  public boolean flag(String column) {
    return get(column, Boolean.class);
  }

  public byte[] bytes(String column) {
    return get(column, byte[].class);
  }

  public Optional<byte[]> optionalBytes(String column) {
    return Optional.ofNullable(columns.get(column, byte[].class));
  }

  public Optional<UUID> optionalId(String column) {
    return Optional.ofNullable(columns.get(column, UUID.class));
  }

  public Instant instant(String column) {
    return get(column, Instant.class);
  }

  public Optional<Instant> optionalInstant(String column) {
    return Optional.ofNullable(columns.get(column, Instant.class));
  }

  private <T> T get(String column, Class<T> type) {
    return Objects.requireNonNull(columns.get(column, type), column);
  }
}
