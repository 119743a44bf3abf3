package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.throttle.Who.As;
import org.junit.jupiter.api.Test;

class RecentTiersTest {
  private static final BucketShape SHAPE = new BucketShape(1, 1, 10);

  private final RecentTiers recent = new RecentTiers();

  @Test
  void knowsWhatItMet() {
    Tier tier = keep("limit:", named("alice"));

    assertThat(recent.find("limit:", named("alice"), SHAPE)).isSameAs(tier);
  }

  @Test
  void tellsASubjectFromTheAddressItLooksLike() {
    keep("limit:", new Who(As.ADDRESS, "192.0.2.1", null));

    assertThat(recent.find("limit:", named("192.0.2.1"), SHAPE)).isNull();
  }

  @Test
  void tellsLimitsAndShapesApart() {
    keep("limit:", named("alice"));

    assertThat(recent.find("other:", named("alice"), SHAPE)).isNull();
    assertThat(recent.find("limit:", named("alice"), new BucketShape(1, 1, 5))).isNull();
  }

  @Test
  void neverNamesTheBucketOfAnotherHoweverManyThereAre() {
    for (int i = 0; i < 20_000; i++) {
      keep("limit:", named("caller-" + i));
    }
    int known = 0;
    for (int i = 0; i < 20_000; i++) {
      Tier found = recent.find("limit:", named("caller-" + i), SHAPE);
      if (found != null) {
        known++;
        assertThat(found.key()).isEqualTo("limit:caller-" + i);
      }
    }
    assertThat(known).as("bounded, and of use").isBetween(500, 1024);
  }

  @Test
  void keepsNoIdentityThatIsLong() {
    String subject = "s".repeat(257);
    keep("limit:", named(subject));

    assertThat(recent.find("limit:", named(subject), SHAPE)).isNull();
  }

  @Test
  void keepsOneHashCollisionFromTheOther() {
    // "Aa" and "BB" have one hash.
    keep("limit:", named("Aa"));

    assertThat(recent.find("limit:", named("BB"), SHAPE)).isNull();
  }

  @Test
  void tellsFieldsClaimsAndCallersApartInEveryPart() {
    Who next = new Who(As.ROUTE, "orders", null);
    for (As as : As.values()) {
      keep("limit:", new Who(as, "alice", next));
    }
    for (As as : As.values()) {
      assertThat(recent.find("limit:", new Who(as, "alice", next), SHAPE)).isNotNull();
      Who lookedUp = new Who(as, "alice", new Who(As.HEADER, "orders", null));
      assertThat(recent.find("limit:", lookedUp, SHAPE)).isNull();
      Who other = new Who(as, "alice", new Who(As.ROUTE, "others", null));
      assertThat(recent.find("limit:", other, SHAPE)).isNull();
      assertThat(recent.find("limit:", new Who(as, "alice", null), SHAPE)).isNull();
    }
    assertThat(named("alice").is(new Who(As.CLAIM, "alice", null))).isFalse();
    assertThat(named("alice").is(new Who(As.CALLER, "alice", next))).isFalse();
    assertThat(new Who(As.CALLER, "alice", next).is(named("alice"))).isFalse();
  }

  private static Who named(String who) {
    return new Who(As.CALLER, who, null);
  }

  private Tier keep(String prefix, Who who) {
    Tier tier = new Tier(prefix + who.text(), SHAPE);
    recent.keep(prefix, who, tier);
    return tier;
  }
}
