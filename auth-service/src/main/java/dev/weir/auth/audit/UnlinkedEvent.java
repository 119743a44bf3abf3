package dev.weir.auth.audit;

import dev.weir.auth.audit.StoredLink.StoredEvent;
import dev.weir.auth.database.Row;
import java.util.Optional;

/** An event that no link of the chain names, as it is stored. */
record UnlinkedEvent(StoredEvent event, boolean isWaiting, boolean isEarly, boolean isLate) {
  /**
   * Events of before the first link that have no digest are an earlier release's, until that link
   * has been dropped: then they have been as well. One that is ten minutes older than the last link
   * gets none any more: nobody looks so far back. A link of before the anchor is not in the chain,
   * and says no more than that its event is not late.
   */
  static final String SELECT =
      """
      select e.at, e.id, e.action, e.subject, e.session, e.trace_id,
        coalesce(host(e.address), '0.0.0.0') as address, e.hash as own_hash, e.hash_key as own_key,
        coalesce(l.seq > :anchor, false) as linked,
        e.hash is not null and l.seq is null as waiting,
        e.hash is null and e.at < coalesce((select event_at from audit.links where seq = 1),
          case when exists (select 1 from audit.anchors) then cast('-infinity' as timestamptz)
            else cast('infinity' as timestamptz) end) as early,
        l.seq is null and e.at <= coalesce(
          (select least(event_at, now()) - interval '10 minutes' from audit.links
            order by seq desc limit 1),
          '-infinity') as late
      from audit.events e left join audit.links l on l.event_id = e.id and l.event_at = e.at
      where (e.at, e.id) > (:at, :id)
      order by e.at, e.id limit :size""";

  static Optional<UnlinkedEvent> of(Row row) {
    return row.flag("linked")
        ? Optional.empty()
        : Optional.of(
            new UnlinkedEvent(
                StoredEvent.of(row, row.text("action")),
                row.flag("waiting"),
                row.flag("early"),
                row.flag("late")));
  }

  /** Returns what is wrong with it; nothing where it waits for its link, or never needed one. */
  Optional<String> fault(EventDigest digest, KeySuccession keys) {
    if (isEarly) {
      return Optional.empty();
    }
    if (!event.holds(digest, keys)) {
      return Optional.of("the event was not written by the service, or changed");
    }
    return isLate ? Optional.of("the event has lost its link") : Optional.empty();
  }
}
