package dev.weir.auth.audit;

import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Looks for events outside the chain. A few latest ones wait for their link; any other was put
 * there by somebody else, or robbed of its link.
 */
final class OutsideChain {
  private static final int BATCH = 500;

  private final Database log;
  private final EventDigest digest;
  private final ChainProgress chain;
  private final Anchor anchor;

  OutsideChain(Database log, EventDigest digest, ChainProgress chain, Anchor anchor) {
    this.log = log;
    this.digest = digest;
    this.chain = chain;
    this.anchor = anchor;
  }

  Mono<Verdict> verdict() {
    return seen(new Seen(anchor.cut(), 0, 0, Optional.empty(), false))
        .expand(seen -> seen.isDone() ? Mono.empty() : seen(seen))
        .last()
        .map(this::verdict);
  }

  private Verdict verdict(Seen seen) {
    return seen.stray()
        .<Verdict>map(stray -> new Broken(chain.seq(), stray.id(), stray.fault()))
        .orElseGet(() -> new Intact(chain.seq(), chain.hash(), seen.waiting()));
  }

  /** By the primary key, a batch at a time: the log is long, and no statement may be. */
  private Mono<Seen> seen(Seen so) {
    var events =
        log.sql(UnlinkedEvent.SELECT)
            .bind("anchor", anchor.seq())
            .bind("at", so.at())
            .bind("id", so.id())
            .bind("size", BATCH)
            .map(Row.as(this::place))
            .all()
            .collectList();
    return log.run(events).map(so::and);
  }

  private Place place(Row row) {
    var unlinked = UnlinkedEvent.of(row);
    return new Place(
        row.instant("at"),
        row.number("id"),
        unlinked.flatMap(event -> event.fault(digest, chain.keys())),
        unlinked.filter(UnlinkedEvent::isWaiting).isPresent());
  }

  private record Place(Instant at, long id, Optional<String> fault, boolean isWaiting) {}

  private record Stray(long id, String fault) {}

  private record Seen(Instant at, long id, long waiting, Optional<Stray> stray, boolean isDone) {
    Seen and(List<Place> places) {
      var waiting = places.stream().filter(Place::isWaiting).count();
      var first =
          places.stream()
              .flatMap(place -> place.fault().map(fault -> new Stray(place.id(), fault)).stream())
              .findFirst();
      var end = places.isEmpty() ? new Place(at, id, Optional.empty(), false) : places.getLast();
      return new Seen(
          end.at(), end.id(), this.waiting + waiting, stray.or(() -> first), places.size() < BATCH);
    }
  }
}
