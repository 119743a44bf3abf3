package dev.weir.auth.throttle;

import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Decides how many attempts anyone gets. A login counts against the client's address and against
 * the identity that it names, whether or not such an account exists; a browser that has logged in
 * to the account before has a budget of its own, so that a stranger's failures cannot lock the
 * owner out. What an answer reveals is the address policy alone.
 */
public final class Throttle {
  /** NIST SP 800-63B: no more than 100 consecutive failures; a success begins the count anew. */
  private static final Limit STREAK = new Limit(100, Duration.ofHours(24));

  private static final Limit REFRESH = new Limit(30, Duration.ofMinutes(1));
  private static final Limit CODES = new Limit(10, Duration.ofMinutes(15));

  /** Six digits are guessed by patience, too: NIST's hundred, of which only failures stay spent. */
  private static final Limit CODES_IN_ALL = new Limit(100, Duration.ofDays(30));

  private static final Limit WARNING = new Limit(1, Duration.ofHours(24));
  private static final Limit NEW_FACTOR = new Limit(10, Duration.ofMinutes(15));
  private static final Limit STEP_UP = new Limit(10, Duration.ofMinutes(5));
  private static final String STRANGER = "stranger";
  private static final Limit MAILS = new Limit(3, Duration.ofHours(24));

  private final AttemptLedger ledger;
  private final Keys keys;
  private final Limits limits;

  public Throttle(AttemptLedger ledger, Keys keys, Limits limits) {
    this.ledger = ledger;
    this.keys = keys;
    this.limits = limits;
  }

  /** Takes one login attempt, or refuses with 429. */
  public Mono<LoginAttempt> login(
      ServerRequest request, InetAddress client, String identity, Optional<String> device) {
    var who = device.map(cookie -> "device:" + cookie).orElse("identity");
    var attempt =
        new LoginAttempt(
            new Budget(key("login-ip", ClientAddresses.block(client)), limits.loginAddress()),
            new Budget(key("login-id", who, identity), limits.loginIdentity()),
            new Budget(key("login-streak", who, identity), STREAK),
            0);
    return ledger
        .reserve(attempt.all())
        .delayUntil(reservation -> decide(request, reservation, limits.loginAddress()))
        .map(reservation -> attempt.after(device.isPresent() ? 0 : before(reservation)));
  }

  /** This attempt is counted already, in the last of the three. */
  private static int before(Reservation reservation) {
    return Math.max(0, reservation.standings().getLast().used() - 1);
  }

  /** Begins the count of consecutive failures anew. What the login itself cost stays spent. */
  public Mono<Void> succeeded(LoginAttempt attempt) {
    return ledger.clear(attempt.streak());
  }

  /** Gives an attempt back that was never judged, because the service failed or was busy. */
  public Mono<Void> refund(LoginAttempt attempt) {
    return ledger.refund(attempt.all());
  }

  /**
   * Takes one look at what cannot be guessed, such as a passkey, alone or after a password: out of
   * the address's logins.
   */
  public Mono<Void> unguessable(ServerRequest request, InetAddress client) {
    var budget = new Budget(key("login-ip", ClientAddresses.block(client)), limits.loginAddress());
    return ledger
        .reserve(List.of(budget))
        .flatMap(reservation -> decide(request, reservation, limits.loginAddress()));
  }

  public Mono<Void> register(ServerRequest request, InetAddress client) {
    var budget = new Budget(key("register", ClientAddresses.block(client)), limits.register());
    return ledger
        .reserve(List.of(budget))
        .flatMap(reservation -> decide(request, reservation, limits.register()));
  }

  /**
   * Takes one step of a recovery; it costs mails or hashes, so it has the budget of registrations.
   */
  public Mono<Void> recover(ServerRequest request, InetAddress client) {
    var budget = new Budget(key("recover", ClientAddresses.block(client)), limits.register());
    return ledger
        .reserve(List.of(budget))
        .flatMap(reservation -> decide(request, reservation, limits.register()));
  }

  public Mono<Void> refresh(UUID sessionId) {
    return take(List.of(new Budget(key("refresh", sessionId.toString()), REFRESH)));
  }

  /** Takes one challenge of those that a session may open; each is a row until it expires. */
  public Mono<Void> stepUp(UUID sessionId) {
    return take(List.of(new Budget(key("step-up", sessionId.toString()), STEP_UP)));
  }

  /**
   * Takes one try at somebody's codes; only who knows the password gets this far. What has met a
   * second factor of theirs before has budgets of its own, and all others share theirs: whoever
   * stole the password uses up those.
   *
   * @param known what it is known by
   */
  public Mono<CodeAttempt> code(UUID userId, Optional<String> known) {
    var attempt = codes(userId, known.orElse(STRANGER));
    return take(attempt.all()).thenReturn(attempt);
  }

  private CodeAttempt codes(UUID userId, String who) {
    return new CodeAttempt(
        new Budget(key("code", who, userId.toString()), CODES),
        new Budget(key("codes", who, userId.toString()), CODES_IN_ALL));
  }

  /**
   * Begins the strangers' tries anew, because whoever used them up knew a password that is gone.
   */
  public Mono<Void> passwordReplaced(UUID userId) {
    var tries = codes(userId, STRANGER);
    return ledger.clear(tries.window()).then(ledger.clear(tries.inAll()));
  }

  /** Gives a right code back to the budget of the patient, which is one of failures. */
  public Mono<Void> met(CodeAttempt attempt) {
    return ledger.refund(List.of(attempt.inAll()));
  }

  /** Tells whether somebody is to be warned that their codes are guessed: once a day will do. */
  public Mono<Boolean> mayWarn(UUID userId) {
    return ledger.reserve(List.of(warning(userId))).map(Reservation::granted);
  }

  /** Gives a warning back that came to nothing. */
  public Mono<Void> notWarned(UUID userId) {
    return ledger.refund(List.of(warning(userId)));
  }

  private Budget warning(UUID userId) {
    return new Budget(key("warned", userId.toString()), WARNING);
  }

  /** Takes one try at adding a factor; it guesses nothing, and costs a look at what was sent. */
  public Mono<Void> newFactor(UUID userId) {
    return take(List.of(new Budget(key("new-factor", userId.toString()), NEW_FACTOR)));
  }

  private Mono<Void> take(List<Budget> budgets) {
    return ledger
        .reserve(budgets)
        .filter(reservation -> !reservation.granted())
        .flatMap(reservation -> Mono.error(refused(reservation)));
  }

  /** Tells whether an address may still get a mail today. */
  public Mono<Boolean> mayMail(String identity) {
    return ledger
        .reserve(List.of(new Budget(key("mail", identity), MAILS)))
        .map(Reservation::granted);
  }

  private static Mono<Void> decide(ServerRequest request, Reservation reservation, Limit limit) {
    RateLimitFields.write(request, reservation.standings().getFirst(), limit);
    return reservation.granted() ? Mono.empty() : Mono.error(refused(reservation));
  }

  private static Throwable refused(Reservation reservation) {
    return Problem.of(AuthError.THROTTLED).retryAfter(reservation.retryAfter()).refuse();
  }

  private String key(String policy, String... parts) {
    var bytes = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = parts[i].getBytes(StandardCharsets.UTF_8);
    }
    var digest = keys.tag(KeyUse.BLIND_INDEX, bytes).bytes();
    return "rl:" + policy + ":" + HexFormat.of().formatHex(digest, 0, 16);
  }
}
