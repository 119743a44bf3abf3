package dev.weir.auth.audit;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Writes anchors, and hands out the newest. What it puts its digest to, and what it lets others
 * drop by, it has found to be the service's own: otherwise the database's owner, who has no key,
 * could have it sign away any part of the log.
 */
final class Anchors {
  private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);

  private final Database anchoring;
  private final Database dropping;
  private final EventDigest digest;
  private final Keys keys;

  /** Written by the round, and read by whoever shows how it went. */
  private volatile boolean refusing;

  Anchors(Database anchoring, Database dropping, Keys keys) {
    this.anchoring = anchoring;
    this.dropping = dropping;
    this.digest = new EventDigest(keys);
    this.keys = keys;
  }

  /** Tells whether the last look found something that is not the service's. */
  boolean isRefusing() {
    return refusing;
  }

  /**
   * Anchors the log at this cut, where any event of before is linked, and returns the newest
   * anchor; nothing where there is none, or where somebody has had a hand in it.
   */
  Mono<Anchor> upTo(Instant cut) {
    return Mono.fromRunnable(() -> refusing = false)
        .then(stored())
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .filter(newest -> newest.map(this::isOurs).orElse(true))
        .flatMap(newest -> anchored(cut, newest.map(StoredAnchor::anchor).orElse(Anchor.NONE)))
        .filter(isHonest -> isHonest)
        .flatMap(_ -> newest());
  }

  private Mono<Boolean> anchored(Instant cut, Anchor before) {
    return lastLinkBefore(cut)
        .flatMap(last -> isOurs(last, cut) ? write(last, cut, before) : Mono.just(false))
        .defaultIfEmpty(true);
  }

  /** Finds what the rest of the chain follows. */
  private Mono<StoredLink> lastLinkBefore(Instant cut) {
    return dropping.run(
        dropping
            .sql("select * from audit.last_link_before(:cut)")
            .bind("cut", cut)
            .map(Row.as(StoredLink::alone))
            .one());
  }

  private boolean isOurs(StoredLink last, Instant cut) {
    boolean isOurs = last.link().eventAt().isBefore(cut) && last.holds(digest);
    if (!isOurs) {
      refused("the last link before it was changed", cut, last.link().seq());
    }
    return isOurs;
  }

  /** The keys that the anchor before names are in no link any more, so they go on with this one. */
  private Mono<Boolean> write(StoredLink last, Instant cut, Anchor before) {
    var succeeded =
        SucceededKeys.parse(before.succeeded()).and(keys.retired(KeyUse.AUDIT), cut).text();
    var anchor = new Anchor(cut, last.link().seq(), last.hash(), succeeded);
    var tag = digest.of(anchor);
    return anchoring
        .run(
            anchoring
                .sql(
                    """
                    insert into audit.anchors (cut, seq, link_hash, hash, hash_key, succeeded)
                    values (:cut, :seq, :link, :hash, :key, :succeeded) on conflict do nothing""")
                .bind("cut", anchor.cut())
                .bind("seq", anchor.seq())
                .bind("link", anchor.link())
                .bind("hash", tag.bytes())
                .bind("key", tag.kid())
                .bind("succeeded", anchor.succeeded())
                .then())
        .thenReturn(true);
  }

  private Mono<Anchor> newest() {
    return stored().filter(this::isOurs).map(StoredAnchor::anchor);
  }

  private Mono<StoredAnchor> stored() {
    return dropping.run(dropping.sql(StoredAnchor.SELECT).map(Row.as(StoredAnchor::of)).one());
  }

  private boolean isOurs(StoredAnchor newest) {
    boolean isOurs = newest.holds(digest);
    if (!isOurs) {
      refused(
          "the newest anchor is not the service's", newest.anchor().cut(), newest.anchor().seq());
    }
    return isOurs;
  }

  private void refused(String cause, Instant cut, long seq) {
    refusing = true;
    LOG.atError()
        .addKeyValue("cause", cause)
        .addKeyValue("cut", cut)
        .addKeyValue("link", seq)
        .log("audit log tampered with: nothing of it is dropped");
  }
}
