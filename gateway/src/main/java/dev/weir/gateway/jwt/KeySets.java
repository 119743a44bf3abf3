package dev.weir.gateway.jwt;

import dev.weir.gateway.route.Issuer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The issuers in use: their keys followed, their verified tokens remembered, over every generation
 * of the route table that names them. Not for the data plane: an enforcer takes its issuer once.
 */
public final class KeySets implements AutoCloseable {
  private static final long TOKENS_BOUND = 50_000;

  private final KeyDocuments documents = new KeyDocuments();
  private final MeterRegistry meters;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Scheduler scheduler;
  private final long tokensBound;

  // Guarded by this; touched at start, at reload and at close only.
  private final Map<KeySource, KeyFollower> followers = new HashMap<>();
  private final Map<Issuer, IssuerTokens> tokens = new HashMap<>();

  /** Follows nobody yet. */
  public KeySets(InstantSource clock, MeterRegistry meters) {
    this(clock, meters, System::nanoTime, Schedulers.parallel(), TOKENS_BOUND);
  }

  KeySets(
      InstantSource clock,
      MeterRegistry meters,
      LongSupplier nanos,
      Scheduler scheduler,
      long tokensBound) {
    this.clock = clock;
    this.meters = meters;
    this.nanos = nanos;
    this.scheduler = scheduler;
    this.tokensBound = tokensBound;
  }

  /**
   * Follows these issuers and no others. Who was followed before goes on with the keys it has. An
   * enforcer of an older generation keeps its issuer's last keys.
   *
   * @return completes when every issuer has been asked once, whatever came of it; bounded by the
   *     fetch's own timeout; need not be subscribed to
   */
  public synchronized Mono<Void> retain(Set<Issuer> issuers) {
    Set<KeySource> sources = new HashSet<>();
    issuers.forEach(issuer -> sources.add(KeySource.of(issuer)));
    tokens.keySet().retainAll(issuers);
    // The old ones first: the gauges of an issuer whose address changed bear the same name.
    followers.entrySet().removeIf(entry -> closes(entry, sources));
    CompletableFuture<?>[] firsts =
        issuers.stream()
            .map(issuer -> follow(KeySource.of(issuer)))
            .map(KeySets::fetchFirst)
            .toArray(CompletableFuture<?>[]::new);
    return Mono.fromFuture(CompletableFuture.allOf(firsts), true);
  }

  private static boolean closes(Map.Entry<KeySource, KeyFollower> entry, Set<KeySource> sources) {
    if (sources.contains(entry.getKey())) {
      return false;
    }
    entry.getValue().close();
    return true;
  }

  /** Returns the tokens of an issuer; follows it from now on if it was not followed. */
  synchronized IssuerTokens of(Issuer issuer) {
    return tokens.computeIfAbsent(
        issuer,
        added -> {
          KeyFollower follower = follow(KeySource.of(added));
          var _ = fetchFirst(follower);
          return new IssuerTokens(added, follower, clock, nanos, tokensBound);
        });
  }

  private static CompletableFuture<?> fetchFirst(KeyFollower follower) {
    return follower.keys().isEmpty()
        ? follower.refresh()
        : CompletableFuture.completedFuture(KeyFollower.Outcome.UNCHANGED);
  }

  private KeyFollower follow(KeySource source) {
    return followers.computeIfAbsent(
        source,
        added -> {
          KeyMeters keyMeters = new KeyMeters(meters, added.name());
          return new KeyFollower(added, documents, scheduler, nanos, keyMeters);
        });
  }

  /** Returns the names of the issuers of which no key is to be had now, for readiness. */
  public synchronized Set<String> issuersWithoutKeys() {
    Set<String> names = new HashSet<>();
    followers.forEach(
        (source, follower) -> {
          if (follower.keys().isEmpty()) {
            names.add(source.name());
          }
        });
    return names;
  }

  @Override
  public synchronized void close() {
    followers.values().forEach(KeyFollower::close);
    followers.clear();
    tokens.clear();
  }
}
