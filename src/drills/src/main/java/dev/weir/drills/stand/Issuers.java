package dev.weir.drills.stand;

import dev.weir.bench.fixture.Issuer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An issuer before and after it turned to a new signing key. */
public final class Issuers {
  private final Issuer current;
  private final Issuer next;
  // What is published; replaced by the thread that runs the drill, read by an event loop.
  private volatile List<Issuer> published;

  private Issuers(Issuer current, Issuer next) {
    this.current = current;
    this.next = next;
    this.published = List.of(current);
  }

  static Issuers create(Instant now) throws GeneralSecurityException {
    return new Issuers(Issuer.create(now), Issuer.create(now, "drill-2"));
  }

  public Issuer current() {
    return current;
  }

  /** Signs with the key that is published last. */
  public Issuer next() {
    return next;
  }

  /** Publishes the next key beside the current one. */
  public void turnOver() {
    published = List.of(current, next);
  }

  String jwks() {
    var keys = new ArrayList<String>();
    for (var issuer : published) {
      keys.add(issuer.jwk());
    }
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }
}
