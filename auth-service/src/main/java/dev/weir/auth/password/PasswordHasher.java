package dev.weir.auth.password;

import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Hashes and checks passwords on threads of its own: as many as there are cores, because each hash
 * keeps one core busy for about 40 ms, with a queue short enough that whoever waits in it is still
 * there when it is their turn. Beyond the queue the answer is 503 at once, which costs nothing.
 *
 * <p>The password is normalised (NFC) and keyed with the pepper (HMAC-SHA-256) before Argon2id sees
 * it: its length no longer matters, and a stolen table without the key tells nothing.
 */
public final class PasswordHasher implements AutoCloseable {
  private static final int QUEUE_PER_CORE = 16;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Keys keys;
  private final AuthMetrics metrics;
  private final Timer duration;
  private final ThreadPoolExecutor threads;
  private final Scheduler scheduler;
  private final HashCost cost;
  private final HashMemory memory;

  /**
   * What nobody's password is checked against when nobody is there, so that both cases take the
   * same time.
   */
  private final StoredHash dummy;

  public PasswordHasher(
      Keys keys, AuthMetrics metrics, int cores, HashCost cost, HashMemory memory) {
    this.keys = keys;
    this.metrics = metrics;
    this.cost = cost;
    this.memory = memory;
    this.duration = metrics.hashDuration();
    var queue = new ArrayBlockingQueue<Runnable>(cores * QUEUE_PER_CORE);
    this.threads =
        new ThreadPoolExecutor(
            cores,
            cores,
            0,
            TimeUnit.SECONDS,
            queue,
            Thread.ofPlatform().name("password-", 0).daemon(true).factory());
    this.scheduler = Schedulers.fromExecutorService(threads);
    metrics.hashQueue(queue::size);
    this.dummy = StoredHash.of(cost, random(16), random(32), keys.tag(KeyUse.PEPPER).kid());
  }

  public Mono<StoredHash> hash(String password) {
    return onPool(() -> hashNow(password));
  }

  /**
   * Checks the password against the stored hash, or does the same work for nothing when there is
   * none.
   */
  public Mono<Boolean> matches(String password, Optional<StoredHash> stored) {
    return onPool(() -> matchesNow(password, stored.orElse(dummy)) && stored.isPresent());
  }

  /** Tells whether a hash should be made anew: it is another's, or cost or pepper have changed. */
  public boolean isOutdated(StoredHash stored) {
    return stored.isForeign()
        || !stored.parts().cost().equals(cost)
        || !stored.pepperId().equals(keys.tag(KeyUse.PEPPER).kid());
  }

  private <T> Mono<T> onPool(Callable<T> work) {
    return Mono.fromCallable(() -> duration.recordCallable(work))
        .subscribeOn(scheduler)
        .onErrorMap(RejectedExecutionException.class, _ -> overloaded())
        .onErrorMap(HashMemory.Exhausted.class, _ -> overloaded());
  }

  private Throwable overloaded() {
    metrics.hashRejected();
    return Problem.of(AuthError.OVERLOADED).retryAfter(RETRY_AFTER).refuse();
  }

  private StoredHash hashNow(String password) {
    var salt = random(16);
    var peppered = keys.tag(KeyUse.PEPPER, normalised(password));
    return StoredHash.of(cost, salt, Argon2.hash(cost, salt, peppered.bytes()), peppered.kid());
  }

  private boolean matchesNow(String password, StoredHash stored) throws Exception {
    if (stored.isForeign()) {
      var foreign = ForeignHash.stored(stored.phc());
      return memory.with(foreign.memory(), () -> foreign.matches(password));
    }
    var parts = stored.parts();
    var peppered = keys.tagUnder(stored.pepperId(), normalised(password));
    return MessageDigest.isEqual(parts.hash(), Argon2.hash(parts.cost(), parts.salt(), peppered));
  }

  private static byte[] normalised(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    scheduler.dispose();
    threads.shutdownNow();
  }
}
