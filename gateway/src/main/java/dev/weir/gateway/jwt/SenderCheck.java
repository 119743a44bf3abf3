package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.SeenProofs.Sighting;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Lets a token that is bound to a key pass only with a proof of that key for this very request (RFC
 * 9449 §7). Nothing of it runs for a token without {@code cnf}.
 *
 * <p>Per request: one signature check (ES256: some 0.2 ms), one look-up here and one SET NX in
 * Redis ({@link SharedNonces} asks for more once in five minutes), which tells all gateways that
 * the proof is used up. Redis lost: this process's own memory decides, so a proof may be played on
 * once at each other gateway, within its two minutes; that is counted. No room in that memory,
 * which is some 830 proofs a second: 503.
 */
final class SenderCheck {
  private static final AsciiString PROOF = AsciiString.cached("DPoP");
  private static final String NONCE = "DPoP-Nonce";
  private static final String SCHEME =
      "DPoP realm=\"weir\", algs=\"" + String.join(" ", Proof.ALGORITHMS) + "\"";
  private static final Duration LEDGER_WAIT = Duration.ofMillis(500);
  private static final Duration KEPT = Duration.ofSeconds(2 * ProofRule.WINDOW_SECONDS + 1);
  private static final int SEEN_BOUND = 100_000;

  private final SharedNonces nonces;
  private final SeenProofs seen;
  private final ProofLedger ledger;
  private final InstantSource clock;
  private final ProofMeters meters;

  SenderCheck(ProofLedger ledger, InstantSource clock, ProofMeters meters) {
    this(ledger, clock, meters, SEEN_BOUND);
  }

  SenderCheck(ProofLedger ledger, InstantSource clock, ProofMeters meters, int bound) {
    this.ledger = ledger;
    this.nonces = new SharedNonces(new ProofNonces(new SecureRandom()), ledger);
    this.clock = clock;
    this.meters = meters;
    this.seen = new SeenProofs(KEPT.toSeconds(), bound);
  }

  /**
   * Judges the proof beside a good token.
   *
   * @param token as it was presented
   * @param key that it is bound to
   * @param admit what lets the request pass; runs on its event loop
   */
  Verdict judge(Exchange exchange, String token, String key, Supplier<Verdict> admit) {
    long now = clock.instant().getEpochSecond();
    List<String> fields = exchange.headers().getAll(PROOF);
    Optional<Proof> proof = fields.size() == 1 ? Proof.read(fields.getFirst()) : Optional.empty();
    if (proof.isEmpty()) {
      return bad("invalid_dpop_proof", now);
    }
    var expected = expected(exchange, token, key);
    ProofRule.Finding finding = ProofRule.judge(proof.get(), expected, nonces, now);
    if (finding == ProofRule.Finding.BAD || !proof.get().holds()) {
      return bad("invalid_dpop_proof", now);
    }
    if (finding == ProofRule.Finding.GOOD) {
      askAhead(now);
      return once(exchange, proof.get(), now, admit);
    }
    return nonces.isDue(now)
        ? new Verdict.Await(learned(exchange, proof.get(), now, admit))
        : nonceless(now);
  }

  private void askAhead(long now) {
    if (nonces.isDue(now)) {
      nonces.learn(now).subscribe();
    }
  }

  /** The nonce may be one of the others', whom this gateway has not heard yet. */
  private Mono<Verdict> learned(Exchange exchange, Proof proof, long now, Supplier<Verdict> admit) {
    return nonces
        .learn(now)
        .publishOn(Schedulers.fromExecutor(exchange.eventLoop()))
        .then(
            Mono.defer(
                () ->
                    nonces.isGood(proof.nonce(), now)
                        ? settled(once(exchange, proof, now, admit))
                        : Mono.just(nonceless(now))));
  }

  private static Mono<Verdict> settled(Verdict verdict) {
    return verdict instanceof Verdict.Await(Mono<Verdict> later) ? later : Mono.just(verdict);
  }

  /** Refuses a bound token that came as if it were a bearer token, or the other way round. */
  Verdict refuseScheme() {
    return bad("invalid_token", clock.instant().getEpochSecond());
  }

  private Verdict bad(String reason, long now) {
    meters.refused.increment();
    return refuse(GatewayError.PROOF_INVALID, reason, now);
  }

  private Verdict nonceless(long now) {
    meters.nonceless.increment();
    return refuse(GatewayError.PROOF_NONCE, "use_dpop_nonce", now);
  }

  private static ProofRule.Expected expected(Exchange exchange, String token, String key) {
    RequestHead head = exchange.head();
    return new ProofRule.Expected(
        head.method().name(),
        head.scheme(),
        head.headers().get(HttpHeaderNames.HOST, head.host()),
        head.path(),
        Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(token)),
        key);
  }

  private Verdict once(Exchange exchange, Proof proof, long now, Supplier<Verdict> admit) {
    // A digest, so that a name has one length and no client writes a key of its own.
    String name =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(sha256(proof.key() + ' ' + proof.id()));
    Sighting here = seen.see(name, now);
    if (here == Sighting.AGAIN) {
      return replayed(now);
    }
    return new Verdict.Await(
        Mono.fromCompletionStage(() -> ledger.first(name, KEPT))
            .timeout(LEDGER_WAIT)
            .map(first -> first ? Everywhere.FIRST : Everywhere.AGAIN)
            .onErrorReturn(Everywhere.UNKNOWN)
            .publishOn(Schedulers.fromExecutor(exchange.eventLoop()))
            .map(everywhere -> decided(exchange, proof, here, everywhere, admit)));
  }

  private Verdict decided(
      Exchange exchange,
      Proof proof,
      Sighting here,
      Everywhere everywhere,
      Supplier<Verdict> admit) {
    long now = clock.instant().getEpochSecond();
    return switch (everywhere) {
      case AGAIN -> replayed(now);
      case FIRST -> admitted(exchange, proof, now, admit);
      case UNKNOWN -> {
        if (here == Sighting.FULL) {
          yield new Verdict.Refuse(
              Rejection.retryAfter(
                  GatewayError.PROOF_UNAVAILABLE,
                  "Proofs cannot be remembered now; try again shortly",
                  2));
        }
        meters.local.increment();
        yield admitted(exchange, proof, now, admit);
      }
    };
  }

  private Verdict admitted(Exchange exchange, Proof proof, long now, Supplier<Verdict> admit) {
    meters.accepted.increment();
    if (nonces.isAging(proof.nonce(), now) && nonces.isShared(now)) {
      exchange.addResponseHeader(NONCE, nonces.current(now));
    }
    // It is for this hop: behind it, it would be about another address.
    exchange.headers().remove(PROOF);
    return admit.get();
  }

  private Verdict replayed(long now) {
    meters.replayed.increment();
    return refuse(GatewayError.PROOF_INVALID, "invalid_dpop_proof", now);
  }

  private Verdict refuse(GatewayError error, String reason, long now) {
    String detail =
        error == GatewayError.PROOF_NONCE
            ? "Make another proof, with the nonce of DPoP-Nonce"
            : "The token is bound to a key, and this request has no good proof of it";
    return new Verdict.Refuse(
        new Rejection(
            error,
            detail,
            List.of(
                new Rejection.Header("WWW-Authenticate", SCHEME + ", error=\"" + reason + "\""),
                new Rejection.Header(NONCE, nonces.current(now)))));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private enum Everywhere {
    FIRST,
    AGAIN,
    UNKNOWN
  }
}
