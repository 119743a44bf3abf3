package dev.weir.auth.session;

import dev.weir.auth.key.OpaqueCode;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.token.DpopNonces;
import dev.weir.auth.token.DpopProof;
import dev.weir.auth.token.Issuer;
import dev.weir.auth.token.SeenProofs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Judges DPoP proofs (RFC 9449 §4.3). A login that brings one binds its session to the proof's key;
 * from then on every refresh needs a proof of it, and so does every request with an access token of
 * that session. The address that a proof is about is the one under the issuer's URL, whatever name
 * this service has behind the edge.
 */
public final class SenderProofs {
  private static final long WINDOW_SECONDS = Duration.ofMinutes(1).toSeconds();
  private static final String NONCE = "DPoP-Nonce";

  private final Issuer issuer;
  private final DpopNonces nonces;
  private final SeenProofs seen;
  private final InstantSource clock;

  public SenderProofs(Issuer issuer, DpopNonces nonces, SeenProofs seen, InstantSource clock) {
    this.issuer = issuer;
    this.nonces = nonces;
    this.seen = seen;
    this.clock = clock;
  }

  /** Returns the key that a login is to be bound to; none where it brings no proof. */
  public Mono<Optional<String>> offered(ServerRequest request) {
    return request.headers().header("DPoP").isEmpty()
        ? Mono.just(Optional.empty())
        : judged(request, _ -> true).map(proof -> Optional.of(proof.key()));
  }

  /** Demands a proof of the key that a session is bound to; asks nothing of any other session. */
  public Mono<Void> require(ServerRequest request, Optional<String> key) {
    return key.isEmpty()
        ? Mono.empty()
        : judged(request, proof -> proof.key().equals(key.get())).then();
  }

  /**
   * Demands a proof of an access token's key, for this request and that token. The nonce is not
   * asked for: a gateway before this service has one of its own, and a proof can hold but one.
   */
  Mono<Void> requireForToken(ServerRequest request, String token, String key) {
    var hash = Base64.getUrlEncoder().withoutPadding().encodeToString(OpaqueCode.digest(token));
    return read(request)
        .filter(proof -> isOf(proof, request) && proof.tokenHash().equals(hash))
        .filter(proof -> proof.key().equals(key))
        .filter(DpopProof::isSigned)
        .filterWhen(this::first)
        .switchIfEmpty(Mono.error(SenderProofs::tokenInvalid))
        .then();
  }

  /** Refuses a bound token without its proof, as a resource server does (RFC 9449 §7.1). */
  static Refused tokenInvalid() {
    return Problem.of(AuthError.TOKEN_INVALID)
        .withHeader(
            "WWW-Authenticate",
            "DPoP realm=\"weir\", error=\"invalid_dpop_proof\", algs=\"%s\""
                .formatted(String.join(" ", DpopProof.ALGORITHMS)))
        .refuse();
  }

  /**
   * Compares first, the nonce last: whoever has none of ours cannot make us check a signature. What
   * is remembered is good in all else.
   */
  private Mono<DpopProof> judged(ServerRequest request, Predicate<DpopProof> isExpected) {
    return read(request)
        .filter(proof -> isOf(proof, request))
        .filter(isExpected)
        .switchIfEmpty(Mono.error(SenderProofs::invalid))
        .doOnNext(this::requireNonce)
        .filter(DpopProof::isSigned)
        .filterWhen(this::first)
        .switchIfEmpty(Mono.error(SenderProofs::invalid))
        .doOnNext(proof -> renew(request, proof));
  }

  /** Leaves the event loop, for the signature that is checked from here on. */
  private static Mono<DpopProof> read(ServerRequest request) {
    var fields = request.headers().header("DPoP");
    return fields.size() != 1
        ? Mono.empty()
        : Mono.fromCallable(() -> DpopProof.read(fields.getFirst()))
            .subscribeOn(Schedulers.parallel())
            .flatMap(Mono::justOrEmpty);
  }

  private boolean isOf(DpopProof proof, ServerRequest request) {
    long age = clock.instant().getEpochSecond() - proof.issuedSeconds();
    return proof.method().equals(request.method().name())
        && proof.uri().equals(issuer.url() + request.path())
        && Math.abs(age) <= WINDOW_SECONDS;
  }

  private void requireNonce(DpopProof proof) {
    if (!nonces.isGood(proof.nonce())) {
      throw Problem.of(AuthError.DPOP_NONCE_REQUIRED)
          .withHeader(NONCE, nonces.current())
          .withMember("error", "use_dpop_nonce")
          .refuse();
    }
  }

  private Mono<Boolean> first(DpopProof proof) {
    var digest = OpaqueCode.digest(proof.key() + ' ' + proof.id());
    return seen.first(HexFormat.of().formatHex(digest));
  }

  private void renew(ServerRequest request, DpopProof proof) {
    if (!nonces.isCurrent(proof.nonce())) {
      request.exchange().getResponse().getHeaders().set(NONCE, nonces.current());
    }
  }

  private static Refused invalid() {
    return Problem.of(AuthError.DPOP_PROOF_INVALID)
        .withMember("error", "invalid_dpop_proof")
        .refuse();
  }
}
