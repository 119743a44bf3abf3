package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.throttle.RecentTiers.As;
import org.junit.jupiter.api.Test;

class RecentTiersTest {
  private static final BucketShape SHAPE = new BucketShape(1, 1, 10);

  private final RecentTiers recent = new RecentTiers();

  @Test
  void knowsWhatItMet() {
    Tier tier = keep("limit:", "alice", As.NAME);

    assertThat(recent.find("limit:", "alice", As.NAME, SHAPE)).isSameAs(tier);
  }

  @Test
  void tellsASubjectFromTheAddressItLooksLike() {
    keep("limit:", "192.0.2.1", As.ADDRESS);

    assertThat(recent.find("limit:", "192.0.2.1", As.NAME, SHAPE)).isNull();
  }

  @Test
  void tellsLimitsAndShapesApart() {
    keep("limit:", "alice", As.NAME);

    assertThat(recent.find("other:", "alice", As.NAME, SHAPE)).isNull();
    assertThat(recent.find("limit:", "alice", As.NAME, new BucketShape(1, 1, 5))).isNull();
  }

  @Test
  void neverNamesTheBucketOfAnotherHoweverManyThereAre() {
    for (int i = 0; i < 20_000; i++) {
      keep("limit:", "caller-" + i, As.NAME);
    }
    int known = 0;
    for (int i = 0; i < 20_000; i++) {
      Tier found = recent.find("limit:", "caller-" + i, As.NAME, SHAPE);
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
    keep("limit:", subject, As.NAME);

    assertThat(recent.find("limit:", subject, As.NAME, SHAPE)).isNull();
  }

  @Test
  void keepsOneHashCollisionFromTheOther() {
    // "Aa" and "BB" have one hash.
    keep("limit:", "Aa", As.NAME);

    assertThat(recent.find("limit:", "BB", As.NAME, SHAPE)).isNull();
  }

  private Tier keep(String prefix, String who, As as) {
    Tier tier = new Tier(prefix + who, SHAPE);
    recent.keep(prefix, who, as, tier);
    return tier;
  }
}
