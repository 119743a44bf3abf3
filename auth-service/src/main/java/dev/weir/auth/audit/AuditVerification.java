package dev.weir.auth.audit;

import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.security.MessageDigest;
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
    return log.run(log.sql(StoredAnchor.SELECT).map(Row.as(StoredAnchor::of)).one())
        .map(stored -> stored.holds(digest) ? verify(stored.anchor()) : broken(stored.anchor()))
        .defaultIfEmpty(verify(Anchor.NONE))
        .flatMap(verdict -> verdict);
  }

  private static Mono<Verdict> broken(Anchor anchor) {
    var fault = "the anchor was changed, or made by somebody without the key";
    return Mono.just(new Broken(anchor.seq(), 0, fault));
  }

  private Mono<Verdict> verify(Anchor anchor) {
    return judged(ChainProgress.from(anchor), anchor)
        .expand(judged -> judged.isLast() ? Mono.empty() : judged(judged.progress(), anchor))
        .last()
        .flatMap(
            judged -> judged.broken().map(Mono::just).orElseGet(() -> outside(judged, anchor)));
  }

  private Mono<Verdict> outside(Judged judged, Anchor anchor) {
    return new OutsideChain(log, digest, judged.progress(), anchor).verdict();
  }

  private Mono<Judged> judged(ChainProgress so, Anchor anchor) {
    var links =
        log.sql(StoredLink.SELECT)
            .bind("after", so.seq())
            .bind("size", BATCH)
            .map(Row.as(StoredLink::of))
            .all()
            .collectList();
    return log.run(links).map(batch -> judge(so, batch, anchor));
  }

  private Judged judge(ChainProgress start, List<StoredLink> links, Anchor anchor) {
    var so = start;
    for (var stored : links) {
      var fault = fault(stored, so, anchor);
      if (fault.isPresent()) {
        var broken = new Broken(so.seq() + 1, stored.link().eventId(), fault.get());
        return new Judged(so, Optional.of(broken), true);
      }
      so = so.and(stored);
    }
    return new Judged(so, Optional.empty(), links.size() < BATCH);
  }

  private Optional<String> fault(StoredLink stored, ChainProgress so, Anchor anchor) {
    var link = stored.link();
    if (link.seq() != so.seq() + 1) {
      return Optional.of("the link is gone, the next one is " + link.seq());
    }
    if (!MessageDigest.isEqual(link.previous(), so.hash())) {
      return Optional.of("the link does not follow the one before it");
    }
    if (!stored.holds(digest) || so.keys().refusesLink(stored.key(), link.eventAt())) {
      return Optional.of("the link was changed, or made by somebody without the key");
    }
    if (stored.event().isEmpty()) {
      // One that came late has its link behind the anchor's, and is dropped with its month.
      boolean dropped = link.eventAt().isBefore(anchor.cut());
      return dropped ? Optional.empty() : Optional.of("the event is gone");
    }
    var event = stored.event().get();
    boolean holds =
        MessageDigest.isEqual(event.hash(), link.eventHash()) && event.holds(digest, so.keys());
    return holds ? Optional.empty() : Optional.of("the event was changed");
  }

  private record Judged(ChainProgress progress, Optional<Verdict> broken, boolean isLast) {}
}
