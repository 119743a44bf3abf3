package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.key.KeyUse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;

/** Looks addresses up while the key of their digests is replaced. */
class BlindIndexIT {
  private static final KeyFixture FIXTURE = KeyFixture.create("blind_index");

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  @Test
  void findsEveryAddressWhileTheBlindIndexKeyIsReplaced() {
    var store = FIXTURE.store(1);
    var before = FIXTURE.open(store);
    var old = KeyFixture.active(store, "blind_index");
    var stale = FIXTURE.accounts(before);
    var first = FIXTURE.account(stale, "first@example.org");
    var codes =
        new Factors(FIXTURE.database(), before, FIXTURE.clock())
            .renewRecoveryCodes(first.id())
            .blockOptional()
            .orElseThrow();

    store.rotateNow(KeyUse.BLIND_INDEX).block();
    var between = FIXTURE.open(store);
    var second = FIXTURE.account(FIXTURE.accounts(between), "second@example.org");
    var third = FIXTURE.account(stale, "third@example.org");
    var renewal = FIXTURE.renewal(store, between);
    assertThat(renewal.now().block()).as("the first and the third").isGreaterThanOrEqualTo(2);
    assertThat(renewal.now().block()).isZero();
    assertThat(KeyFixture.active(store, "blind_index"))
        .as("not every instance knows it")
        .isEqualTo(old);
    FIXTURE.clock().advance(Duration.ofMinutes(10));
    assertThat(renewal.now().block()).isZero();
    assertThat(KeyFixture.active(store, "blind_index")).isNotEqualTo(old);

    var after = FIXTURE.open(store);
    var fresh = FIXTURE.accounts(after);
    for (var person :
        Map.of("first@example.org", first, "second@example.org", second, "third@example.org", third)
            .entrySet()) {
      assertThat(KeyFixture.found(fresh, person.getKey())).contains(person.getValue().id());
      assertThat(KeyFixture.found(stale, person.getKey())).contains(person.getValue().id());
    }
    var fourth = FIXTURE.account(fresh, "fourth@example.org");
    assertThat(KeyFixture.found(stale, "fourth@example.org"))
        .as("an instance that has not heard of the change yet")
        .contains(fourth.id());
    assertThatThrownBy(() -> FIXTURE.account(stale, "fourth@example.org"))
        .isInstanceOf(DuplicateKeyException.class);
    assertThatThrownBy(() -> FIXTURE.account(stale, "second@example.org"))
        .isInstanceOf(DuplicateKeyException.class);
    assertThatThrownBy(() -> FIXTURE.account(fresh, "third@example.org"))
        .isInstanceOf(DuplicateKeyException.class);

    renewal.close();
    FIXTURE.clock().advance(Duration.ofMinutes(10));
    var later = FIXTURE.renewal(store, after);
    assertThat(later.now().block()).isZero();
    later.close();
    assertThat(KeyFixture.state(store, old)).isEqualTo("retired");
    assertThat(FIXTURE.texts("select count(*) from auth.email_index where key_id = '" + old + "'"))
        .containsExactly("0");
    assertThat(KeyFixture.found(fresh, "first@example.org")).contains(first.id());
    assertThat(
            new Factors(FIXTURE.database(), FIXTURE.open(store), FIXTURE.clock())
                .check(first.id(), codes.getFirst())
                .block())
        .as("a code of before")
        .isEqualTo(Factors.Method.RECOVERY_CODE);
  }

  @Test
  void followsAnAddressThatIsChangedOrErased() {
    var store = FIXTURE.store(1);
    var keys = FIXTURE.open(store);
    var accounts = FIXTURE.accounts(keys);
    var changes = new AccountChanges(FIXTURE.database(), keys, FIXTURE.clock());
    var account = FIXTURE.account(accounts, "moving@example.org");
    assertThat(changes.writeAddress(account.id(), new EmailAddress("moved@example.org")).block())
        .isOne();
    assertThat(KeyFixture.found(accounts, "moving@example.org")).isEmpty();
    assertThat(KeyFixture.found(accounts, "moved@example.org")).contains(account.id());
    assertThat(changes.erase(account.id()).block()).isOne();
    assertThat(KeyFixture.found(accounts, "moved@example.org")).isEmpty();
    assertThat(FIXTURE.account(accounts, "moved@example.org").id()).isNotEqualTo(account.id());
  }
}
