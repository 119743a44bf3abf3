package dev.weir.gateway.jwt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The nonces of all gateways, so that a client need not stay with one. For each five minutes the
 * first gateway that needs a nonce proposes its own, and the others take that one; it is asked for
 * five minutes ahead, so a turn of the five minutes waits for nobody. A nonce that cannot be agreed
 * upon is this gateway's own, which the others do not take: their clients are told once more.
 *
 * <p>Per request with a proof: looks at a map of three, and one keyed digest where the nonce is the
 * agreed one of these five minutes. Redis is asked once in five minutes, and at most once a second
 * while it has no answer. A nonce is no secret once it is told; who could write to Redis could
 * choose it, and mark proofs as seen as well.
 */
final class SharedNonces {
  private static final Duration WAIT = Duration.ofMillis(500);

  /** Longer than one that was asked for ahead is good. */
  private static final Duration KEPT = Duration.ofSeconds(4 * ProofNonces.EPOCH_SECONDS);

  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{16}");

  private final ProofNonces own;
  private final ProofLedger ledger;

  /**
   * By the number of their five minutes: three at most. One reference to a map that does not
   * change, so a reader sees an old map or a new one, and misses at most what it can do without.
   */
  private final AtomicReference<Map<Long, String>> agreed = new AtomicReference<>(Map.of());

  /** The second in which somebody asked last; a single word. */
  private final AtomicLong asked = new AtomicLong(Long.MIN_VALUE);

  SharedNonces(ProofNonces own, ProofLedger ledger) {
    this.own = own;
    this.ledger = ledger;
  }

  /** Returns the nonce of these five minutes. */
  String current(long nowSeconds) {
    return of(epoch(nowSeconds));
  }

  /** Whether the others take what {@link #current} says. */
  boolean isShared(long nowSeconds) {
    return agreed.get().containsKey(epoch(nowSeconds));
  }

  /** Of these five minutes, of those before, or of the next, where another clock is ahead. */
  boolean isGood(String nonce, long nowSeconds) {
    long epoch = epoch(nowSeconds);
    return isOf(epoch, nonce) || isOf(epoch - 1, nonce) || isOf(epoch + 1, nonce);
  }

  /** Whether it is good no longer than these five minutes. */
  boolean isAging(String nonce, long nowSeconds) {
    return isOf(epoch(nowSeconds) - 1, nonce);
  }

  /** Whether there is something to learn, and the last question was not in this very second. */
  boolean isDue(long nowSeconds) {
    long epoch = epoch(nowSeconds);
    Map<Long, String> known = agreed.get();
    boolean isComplete =
        known.containsKey(epoch - 1) && known.containsKey(epoch) && known.containsKey(epoch + 1);
    return !isComplete && asked.get() != nowSeconds;
  }

  /** Asks what the others have; comes to its end soon, whether or not there is an answer. */
  Mono<Void> learn(long nowSeconds) {
    long last = asked.get();
    if (last == nowSeconds || !asked.compareAndSet(last, nowSeconds)) {
      return Mono.empty();
    }
    return Flux.fromIterable(missing(nowSeconds))
        .flatMap(epoch -> agree(epoch, nowSeconds))
        .then()
        .onErrorComplete();
  }

  private Mono<String> agree(long epoch, long nowSeconds) {
    return Mono.fromCompletionStage(() -> ledger.agree(epoch, own.of(epoch), KEPT))
        .timeout(WAIT)
        // It becomes a header field, so it must be one of ours.
        .filter(nonce -> SHAPE.matcher(nonce).matches())
        .doOnNext(nonce -> note(epoch, nonce, epoch(nowSeconds)));
  }

  private void note(long epoch, String nonce, long now) {
    agreed.updateAndGet(
        known -> {
          var more = new HashMap<>(known);
          more.keySet().removeIf(old -> old < now - 1);
          more.put(epoch, nonce);
          return Map.copyOf(more);
        });
  }

  private List<Long> missing(long nowSeconds) {
    long epoch = epoch(nowSeconds);
    Map<Long, String> known = agreed.get();
    return LongStream.rangeClosed(epoch - 1, epoch + 1)
        .boxed()
        .filter(number -> !known.containsKey(number))
        .toList();
  }

  private String of(long epoch) {
    String shared = agreed.get().getOrDefault(epoch, "");
    return shared.isEmpty() ? own.of(epoch) : shared;
  }

  /** Also by our own, which may have been told before there was a common one. */
  private boolean isOf(long epoch, String nonce) {
    return same(nonce, agreed.get().getOrDefault(epoch, "")) || same(nonce, own.of(epoch));
  }

  private static boolean same(String one, String other) {
    return !one.isEmpty()
        && MessageDigest.isEqual(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static long epoch(long nowSeconds) {
    return nowSeconds / ProofNonces.EPOCH_SECONDS;
  }
}
