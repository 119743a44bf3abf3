package dev.weir.gateway.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.gateway.exchange.LoopMemo;
import dev.weir.gateway.route.Issuer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one issuer: verified once, then known by their digest.
 *
 * <p>Per request with a known token: one SHA-256 of its text, one look-up in the loop's own memo
 * (of the cache that all loops share once a second), one comparison of times; a copy of the text
 * and two small objects are what it allocates. TokenCacheBench: the whole stage takes 0.8 us. A
 * signature is checked once per token and key set. An entry is valid only for the very key set that
 * it was verified with, compared by identity, so a token verified just before a rotation cannot
 * slip into the emptied cache just after it.
 *
 * <p>Of a token's further claims only those are kept that a limit goes by. A reload that names one
 * more makes every token be verified once more, as after a rotation.
 *
 * <p>Only tokens whose signature holds are kept: a stranger cannot push anything out. At the bound
 * the least used tokens go, and cost a signature check when they come again.
 */
final class IssuerTokens {
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** What a text turned out to be. */
  sealed interface Finding {

    /** A valid token. */
    record Valid(AccessToken token, boolean cached) implements Finding {}

    /** Not a valid token. */
    record Invalid(TokenFault fault) implements Finding {}

    /** It names a key that we do not have. */
    record UnknownKey() implements Finding {}

    /** No keys are to be had. */
    record NoKeys() implements Finding {}
  }

  private record Known(AccessToken token, KeySet keys, Set<String> claims) {
    boolean holdsFor(KeySet keys, Set<String> claims) {
      return this.keys == keys && this.claims.equals(claims);
    }
  }

  private final KeyFollower follower;
  private final TokenVerifier verifier;
  private final long skewSeconds;
  private final InstantSource clock;
  private final Cache<TokenDigest, Known> known;
  private final LoopMemo<TokenDigest, Known> met = new LoopMemo<>();

  // The key set that the cache belongs to. Only saves memory: two threads may both empty the cache.
  private volatile KeySet cachedFor = KeySet.EMPTY;

  // Names of the claims that limits go by: an immutable set, replaced by compare-and-set at a
  // reload and never shrunk, as an older generation may be serving yet.
  private final AtomicReference<Set<String>> claims = new AtomicReference<>(Set.of());

  IssuerTokens(
      Issuer issuer, KeyFollower follower, InstantSource clock, LongSupplier nanos, long bound) {
    this.follower = follower;
    this.verifier = new TokenVerifier(issuer);
    this.skewSeconds = issuer.clockSkew().toSeconds();
    this.clock = clock;
    this.known =
        Caffeine.newBuilder()
            .maximumSize(bound)
            .expireAfterWrite(KEPT)
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  KeyFollower follower() {
    return follower;
  }

  /** Keeps these claims of tokens from now on. */
  void keepClaims(Set<String> names) {
    claims.updateAndGet(held -> held.containsAll(names) ? held : union(held, names));
  }

  private static Set<String> union(Set<String> held, Set<String> names) {
    Set<String> all = new HashSet<>(held);
    all.addAll(names);
    return Set.copyOf(all);
  }

  Finding find(String text) {
    if (text.length() > CompactToken.TOKEN_BOUND) {
      return new Finding.Invalid(TokenFault.OVERSIZED);
    }
    KeySet keys = follower.keys();
    if (keys.isEmpty()) {
      return new Finding.NoKeys();
    }
    TokenDigest digest = TokenDigest.of(text);
    long nowMillis = clock.millis();
    long nowSeconds = Math.floorDiv(nowMillis, 1000L);
    Set<String> kept = claims.get();
    Known entry = known(digest, keys, kept, nowMillis);
    if (entry != null) {
      return recheck(digest, entry.token(), nowSeconds);
    }
    return switch (verifier.verify(text, keys, nowSeconds, digest.tokenKey(), kept)) {
      case Read.Bad<AccessToken>(TokenFault fault) ->
          fault == TokenFault.UNKNOWN_KEY ? new Finding.UnknownKey() : new Finding.Invalid(fault);
      case Read.Good<AccessToken>(AccessToken token) -> {
        keep(digest, new Known(token, keys, kept));
        yield new Finding.Valid(token, false);
      }
    };
  }

  private @Nullable Known known(TokenDigest digest, KeySet keys, Set<String> kept, long nowMillis) {
    Known mine = met.find(digest, nowMillis);
    if (mine != null && mine.holdsFor(keys, kept)) {
      return mine;
    }
    Known shared = known.getIfPresent(digest);
    if (shared == null || !shared.holdsFor(keys, kept)) {
      return null;
    }
    met.keep(digest, shared, nowMillis);
    return shared;
  }

  private Finding recheck(TokenDigest digest, AccessToken token, long nowSeconds) {
    if (nowSeconds < token.expiresSeconds() + skewSeconds) {
      return new Finding.Valid(token, true);
    }
    known.invalidate(digest);
    return new Finding.Invalid(TokenFault.EXPIRY);
  }

  private void keep(TokenDigest digest, Known verified) {
    if (cachedFor != verified.keys()) {
      cachedFor = verified.keys();
      known.invalidateAll();
      met.forget();
    }
    known.put(digest, verified);
  }

  long cached() {
    known.cleanUp();
    return known.estimatedSize();
  }
}
