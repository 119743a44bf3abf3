package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.key.Keys;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.ProofKey;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.throttle.CodeAttempt;
import dev.weir.auth.throttle.Limit;
import dev.weir.auth.throttle.Limits;
import dev.weir.auth.throttle.LocalLedger;
import dev.weir.auth.throttle.Throttle;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Guesses the codes of somebody whose password is known. */
class CodeGuessesIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void keepsTheOwnersBrowserInWhileAThiefOfThePasswordGuesses() {
    var guarded = Guarded.person(system);
    var owner = guarded.person();
    var first = guarded.verify(owner.loginInBrowser().text("challenge_id"), guarded.freshCode());
    var atHome = at(owner, first.cookie("__Host-dev"));
    useUpTheStrangersTries(guarded);

    assertThat(guarded.verify(thief(owner), guarded.freshCode()).code()).isEqualTo("throttled");
    system.smtp().awaitMail(owner.email(), "Somebody may know your password");
    assertThat(
            guarded
                .verify(atHome.loginInBrowser().text("challenge_id"), guarded.freshCode())
                .status())
        .isEqualTo(200);
    assertThat(guarded.verify(thief(owner), guarded.codes().getFirst()).status())
        .as("a recovery code, which nobody guesses")
        .isEqualTo(200);
  }

  /** Else whoever came by before there was a second factor would bring as many as they like. */
  @Test
  void knowsNoBrowserByAPasswordAlone() {
    var person = Person.registered(system.client());
    var before = at(person, person.loginInBrowser().cookie("__Host-dev"));
    var guarded = Guarded.of(system, person);
    useUpTheStrangersTries(guarded);
    assertThat(
            guarded
                .verify(before.loginInBrowser().text("challenge_id"), guarded.freshCode())
                .code())
        .isEqualTo("throttled");
  }

  @Test
  void knowsANativeClientByItsKeyAndAnOpenSessionByItself() {
    var guarded = Guarded.person(system);
    var owner = guarded.person();
    var key = ProofKey.make(system.clock());
    var login = guarded.verify(owed(owner, key), guarded.freshCode());
    var unbound = guarded.login();
    useUpTheStrangersTries(guarded);

    assertThat(login.status()).isEqualTo(200);
    assertThat(guarded.verify(owed(owner, key), guarded.freshCode()).status()).isEqualTo(200);
    var asked = owner.client().bearer(unbound.text("access_token")).post("/mfa/challenge");
    assertThat(guarded.verify(asked.text("challenge_id"), guarded.freshCode()).status())
        .isEqualTo(200);
  }

  /** The tries were used up by whoever knew a password that is of no use any more. */
  @Test
  void letsStrangersTryAnewAfterAChangeOfThePassword() {
    var guarded = Guarded.person(system);
    var owner = guarded.person();
    var me = guarded.loggedIn();
    useUpTheStrangersTries(guarded);
    assertThat(guarded.verify(thief(owner), guarded.freshCode()).code()).isEqualTo("throttled");
    var changed = owner.withPassword("five lazy dogs sat down");
    var change = Map.of("current_password", owner.password(), "new_password", changed.password());
    assertThat(me.post("/password/change", change).status()).isEqualTo(200);
    assertThat(guarded.verify(thief(changed), guarded.freshCode()).status()).isEqualTo(200);
  }

  @Test
  void letsStrangersTryAnewAfterAReset() {
    var owner = Person.registered(system.client());
    var proof = system.smtp().code(owner.email(), "Confirm your address");
    var proven = Map.of("code", proof, "password", owner.password());
    assertThat(owner.client().post("/register/verify", proven).status()).isEqualTo(204);
    var guarded = Guarded.of(system, owner);
    useUpTheStrangersTries(guarded);
    assertThat(guarded.verify(thief(owner), guarded.freshCode()).code()).isEqualTo("throttled");
    var reset = owner.withPassword("five lazy dogs sat down");
    owner.client().post("/password/forgot", Map.of("email", owner.email()));
    var code = system.smtp().code(owner.email(), "Reset your password");
    var body = Map.of("code", code, "password", reset.password());
    assertThat(owner.client().post("/password/reset", body).status()).isEqualTo(204);
    assertThat(guarded.verify(thief(reset), guarded.freshCode()).status()).isEqualTo(200);
  }

  @Test
  void warnsAtTheNextTryWhereTheWarningCouldNotBeWritten() throws SQLException {
    var guarded = Guarded.person(system);
    var owner = guarded.person();
    useUpTheStrangersTries(guarded);
    var challenge = thief(owner);
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table auth.outbox in share mode");
      assertThat(guarded.verify(challenge, "000000").code()).isEqualTo("throttled");
      connection.rollback();
    }
    assertThat(guarded.verify(challenge, "000000").code()).isEqualTo("throttled");
    system.smtp().awaitMail(owner.email(), "Somebody may know your password");
  }

  @Test
  void endsPatientGuessingAfterAHundredFailuresInAMonth() {
    var now = new AtomicLong();
    var any = new Limit(1, Duration.ofMinutes(1));
    var throttle =
        new Throttle(
            new LocalLedger(now::get),
            system.context().getBean(Keys.class),
            new Limits(any, any, any));
    var person = UUID.randomUUID();
    for (int i = 0; i < 100; i++) {
      assertThat(isTaken(throttle.code(person, Optional.empty()), now)).isTrue();
    }
    assertThat(isTaken(throttle.code(person, Optional.empty()), now)).isFalse();
    for (int i = 0; i < 101; i++) {
      var right = throttle.code(person, Optional.of("device:1")).delayUntil(throttle::met);
      assertThat(isTaken(right, now)).isTrue();
    }
    now.addAndGet(Duration.ofDays(30).toNanos());
    assertThat(isTaken(throttle.code(person, Optional.empty()), now)).isTrue();
  }

  private static boolean isTaken(Mono<CodeAttempt> attempt, AtomicLong now) {
    now.addAndGet(Duration.ofMinutes(2).toNanos());
    return attempt
        .map(_ -> true)
        .onErrorResume(Refused.class, _ -> Mono.just(false))
        .blockOptional()
        .orElseThrow();
  }

  private static Person at(Person owner, String device) {
    var browser = owner.client().with("Cookie", "__Host-dev=" + device);
    return new Person(browser, owner.email(), owner.password());
  }

  private void useUpTheStrangersTries(Guarded guarded) {
    for (int login = 0; login < 2; login++) {
      var challenge = thief(guarded.person());
      for (int i = 0; i < 5; i++) {
        assertThat(guarded.verify(challenge, "00000" + i).code()).isIn("mfa-invalid", "throttled");
      }
    }
  }

  /** Knows the password, and nothing else. */
  private String thief(Person owner) {
    var elsewhere = Person.stranger(system.client()).client();
    return new Person(elsewhere, owner.email(), owner.password()).login().text("challenge_id");
  }

  private static String owed(Person owner, ProofKey key) {
    var nonce = proving(owner, key.proof("POST", "/login", "")).login().header("DPoP-Nonce");
    return proving(owner, key.proof("POST", "/login", nonce)).login().text("challenge_id");
  }

  private static Person proving(Person owner, String proof) {
    return new Person(owner.client().with("DPoP", proof), owner.email(), owner.password());
  }
}
