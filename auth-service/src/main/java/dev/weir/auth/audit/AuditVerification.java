package dev.weir.auth.audit;

import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Walks the chain from its first link, or from where months of it were dropped, and names the first
 * that does not hold, then the log itself for what is outside the chain. Needs to read the log,
 * which the service itself may not, and the keys, which the database has sealed only.
 */
public final class AuditVerification {
  private static final int BATCH = 500;

  private final Database log;
  private final EventDigest digest;

  public AuditVerification(Database log, Keys keys) {
    this.log = log;
    this.digest = new EventDigest(keys);
  }

  public Mono<Verdict> verify() {
    return log.run(log.sql(Anchor.SELECT).map(Row.as(this::anchored)).one())
        .defaultIfEmpty(new Anchored(Anchor.NONE, true))
        .flatMap(anchored -> anchored.holds() ? verify(anchored.anchor()) : broken(anchored));
  }

  private Anchored anchored(Row row) {
    var anchor = Anchor.of(row);
    return new Anchored(anchor, digest.matches(anchor, row.text("hash_key"), row.bytes("hash")));
  }

  private static Mono<Verdict> broken(Anchored anchored) {
    var fault = "the anchor was changed, or made by somebody without the key";
    return Mono.just(new Broken(anchored.anchor().seq(), 0, fault));
  }

  private Mono<Verdict> verify(Anchor anchor) {
    return judged(new Intact(anchor.seq(), anchor.link(), 0), anchor)
        .expand(
            judged -> judged.isDone() ? Mono.empty() : judged((Intact) judged.verdict(), anchor))
        .last()
        .map(Judged::verdict)
        .flatMap(
            verdict ->
                switch (verdict) {
                  case Intact intact -> outside(intact, anchor);
                  case Broken broken -> Mono.just(broken);
                });
  }

  private Mono<Judged> judged(Intact so, Anchor anchor) {
    var links =
        log.sql(StoredLink.SELECT)
            .bind("after", so.links())
            .bind("size", BATCH)
            .map(Row.as(StoredLink::of))
            .all()
            .collectList();
    return log.run(links).map(batch -> new Judged(judge(so, batch, anchor), batch.size() < BATCH));
  }

  private Verdict judge(Intact so, List<StoredLink> links, Anchor anchor) {
    var seq = so.links();
    var hash = so.head();
    for (var stored : links) {
      var fault = fault(stored, new Expected(seq + 1, hash), anchor);
      if (fault.isPresent()) {
        return new Broken(seq + 1, stored.link().eventId(), fault.get());
      }
      seq = stored.link().seq();
      hash = stored.hash();
    }
    return new Intact(seq, hash, 0);
  }

  private Optional<String> fault(StoredLink stored, Expected expected, Anchor anchor) {
    var link = stored.link();
    if (link.seq() != expected.seq()) {
      return Optional.of("the link is gone, the next one is " + link.seq());
    }
    if (!MessageDigest.isEqual(link.previous(), expected.previous())) {
      return Optional.of("the link does not follow the one before it");
    }
    if (!digest.matches(link, stored.key(), stored.hash())) {
      return Optional.of("the link was changed, or made by somebody without the key");
    }
    if (stored.event().isEmpty()) {
      // One that came late has its link behind the anchor's, and is dropped with its month.
      boolean dropped = link.eventAt().isBefore(anchor.cut());
      return dropped ? Optional.empty() : Optional.of("the event is gone");
    }
    var event = stored.event().get();
    boolean holds =
        MessageDigest.isEqual(event.hash(), link.eventHash())
            && digest.matches(event.content(), event.key(), event.hash());
    return holds ? Optional.empty() : Optional.of("the event was changed");
  }

  /**
   * Looks for events outside the chain. A few latest ones wait for their link; any other was put
   * there by somebody else, or robbed of its link.
   */
  private Mono<Verdict> outside(Intact intact, Anchor anchor) {
    return outside(new Outside(anchor.cut(), 0, 0, Optional.empty(), false))
        .expand(seen -> seen.isDone() ? Mono.empty() : outside(seen))
        .last()
        .map(seen -> verdict(intact, seen));
  }

  private static Verdict verdict(Intact intact, Outside seen) {
    return seen.stray()
        .<Verdict>map(stray -> new Broken(intact.links(), stray.id(), stray.fault()))
        .orElseGet(() -> new Intact(intact.links(), intact.head(), seen.waiting()));
  }

  /** By the primary key, a batch at a time: the log is long, and no statement may be. */
  private Mono<Outside> outside(Outside so) {
    var events =
        log.sql(UnlinkedEvent.SELECT)
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
        unlinked.flatMap(event -> event.fault(digest)),
        unlinked.filter(UnlinkedEvent::isWaiting).isPresent());
  }

  private record Anchored(Anchor anchor, boolean holds) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the class
  private record Expected(long seq, byte[] previous) {}

  private record Judged(Verdict verdict, boolean last) {
    boolean isDone() {
      return last || verdict instanceof Broken;
    }
  }

  private record Place(Instant at, long id, Optional<String> fault, boolean isWaiting) {}

  private record Stray(long id, String fault) {}

  private record Outside(Instant at, long id, long waiting, Optional<Stray> stray, boolean isDone) {
    Outside and(List<Place> places) {
      var waiting = places.stream().filter(Place::isWaiting).count();
      var first =
          places.stream()
              .flatMap(place -> place.fault().map(fault -> new Stray(place.id(), fault)).stream())
              .findFirst();
      var end = places.isEmpty() ? new Place(at, id, Optional.empty(), false) : places.getLast();
      return new Outside(
          end.at(), end.id(), this.waiting + waiting, stray.or(() -> first), places.size() < BATCH);
    }
  }
}
