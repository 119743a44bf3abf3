package dev.weir.auth.audit;

import dev.weir.auth.audit.EventDigest.Content;
import dev.weir.auth.audit.EventDigest.Link;
import dev.weir.auth.database.Row;
import java.util.Optional;

/** A link as it is stored, with the event that it names, if that is still there. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record StoredLink(Link link, byte[] hash, String key, Optional<StoredEvent> event) {
  static final String SELECT =
      """
      select l.seq, l.event_id, l.event_at, l.event_hash, l.prev_hash, l.hash, l.hash_key,
        e.at, e.action, e.subject, e.session, e.trace_id,
        coalesce(host(e.address), '0.0.0.0') as address, e.hash as own_hash, e.hash_key as own_key
      from audit.links l
        left join audit.events e on e.id = l.event_id and e.at = l.event_at
      where l.seq > :after order by l.seq limit :size""";

  static StoredLink of(Row row) {
    var event = row.optionalText("action").map(action -> StoredEvent.of(row, action));
    return read(row, event);
  }

  /** Reads a link without its event. */
  static StoredLink alone(Row row) {
    return read(row, Optional.empty());
  }

  private static StoredLink read(Row row, Optional<StoredEvent> event) {
    var link =
        new Link(
            row.number("seq"),
            row.number("event_id"),
            row.instant("event_at"),
            row.bytes("event_hash"),
            row.bytes("prev_hash"));
    return new StoredLink(link, row.bytes("hash"), row.text("hash_key"), event);
  }

  boolean holds(EventDigest digest) {
    return digest.matches(link, key, hash);
  }

  /** An event as it is stored. */
  record StoredEvent(Content content, byte[] hash, String key) {
    boolean holds(EventDigest digest, KeySuccession keys) {
      return digest.matches(content, key, hash) && !keys.refusesEvent(key, content.at());
    }

    static StoredEvent of(Row row, String action) {
      var content =
          new Content(
              row.instant("at"),
              action,
              row.optionalId("subject"),
              row.optionalId("session"),
              row.text("address"),
              row.text("trace_id"));
      var hash = row.optionalBytes("own_hash").orElseGet(() -> new byte[0]);
      return new StoredEvent(content, hash, row.optionalText("own_key").orElse("-"));
    }
  }
}
