package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who shares a bucket, and who must not. */
class BucketKeyTest {
  private static final KeyPart HEADER = new KeyPart.Header("x-api-key");
  private static final KeyPart TENANT = new KeyPart.Claim("tenant");
  private static final String ADDRESS = "97.98.99.100"; // in bytes, "abcd"

  private static Limit limit(Limit.Key key) {
    return new Limit("limit", key, 10, Duration.ofSeconds(1), 10, Limit.OnRedisLoss.LOCAL);
  }

  private static Caller caller(String subject, String tenant) {
    return new Caller(
        subject,
        "session",
        "digest-of-" + subject,
        Set.of(),
        Set.of(),
        tenant.isEmpty() ? Map.of() : Map.of("tenant", tenant),
        "https://issuer");
  }

  private static String bucket(Limit.Key key, Exchange exchange) {
    exchange.bind(Requests.route("orders", new Authentication.Open()), 0);
    Limit limit = limit(key);
    return BucketKey.of(limit).tier(exchange, BucketShape.of(limit)).key();
  }

  private static String byField(String... fields) {
    return bucket(Limit.Key.of(HEADER), Requests.from(ADDRESS, "", fields));
  }

  private static String byTenant(Caller caller) {
    Exchange exchange = Requests.from(ADDRESS, "");
    exchange.identify(caller);
    return bucket(Limit.Key.of(TENANT), exchange);
  }

  @Test
  void goesByTheValueOfAFieldWhoeverSendsIt() {
    String one = byField("X-Api-Key", "one");

    assertThat(byField("x-api-key", "one")).isEqualTo(one);
    assertThat(byField("X-Api-Key", "One")).isNotEqualTo(one);
    assertThat(bucket(Limit.Key.of(HEADER), Requests.from("192.0.2.7", "", "X-Api-Key", "one")))
        .isEqualTo(one);
    assertThat(one).hasSizeLessThanOrEqualTo(120);
  }

  @Test
  void goesByTheAddressWhereAFieldIsAbsentEmptyTwiceOrTooLong() {
    String absent = byField();

    assertThat(byField("X-Api-Key", "")).isEqualTo(absent);
    assertThat(byField("X-Api-Key", "one", "X-Api-Key", "two")).isEqualTo(absent);
    assertThat(byField("X-Api-Key", "x".repeat(513))).isEqualTo(absent);
    assertThat(byField("X-Api-Key", "x".repeat(512))).isNotEqualTo(absent);
    assertThat(bucket(Limit.Key.of(HEADER), Requests.from("192.0.2.7", ""))).isNotEqualTo(absent);
  }

  @Test
  void goesByAClaimAndByTheCallerWithoutIt() {
    String acme = byTenant(caller("alice", "acme"));

    assertThat(byTenant(caller("bob", "acme"))).isEqualTo(acme);
    assertThat(byTenant(caller("alice", "other"))).isNotEqualTo(acme);
    assertThat(byTenant(caller("alice", ""))).isNotEqualTo(byTenant(caller("bob", "")));
  }

  @Test
  void anotherIssuersSubjectOrTenantOfTheSameNameIsSomebodyElse() {
    for (Limit.Key key : List.of(Limit.Key.CALLER, Limit.Key.of(TENANT))) {
      assertThat(bucket(key, of("https://one"))).isEqualTo(bucket(key, of("https://one")));
      assertThat(bucket(key, of("https://one"))).isNotEqualTo(bucket(key, of("https://two")));
    }
  }

  private static Exchange of(String issuer) {
    Exchange exchange = Requests.from(ADDRESS, "");
    exchange.identify(
        new Caller("alice", "s", "t", Set.of(), Set.of(), Map.of("tenant", "acme"), issuer));
    return exchange;
  }

  /** The four letters are the four bytes of the address. */
  @Test
  void aSubjectOfFourLettersIsNoAddressOfFourBytes() {
    Exchange called = Requests.from("192.0.2.7", "");
    called.identify(caller("abcd", ""));
    assertThat(digest(bucket(Limit.Key.CALLER, called)))
        .isNotEqualTo(digest(bucket(Limit.Key.ADDRESS, Requests.from("97.98.99.100", ""))));
  }

  /** All of these read alike, and each is somebody else. */
  @Test
  void aValueThatLooksLikeSomebodyElseIsNeverTheirBucket() {
    String looksLike = "abcd";
    Exchange called = Requests.from("192.0.2.7", "");
    called.identify(caller(looksLike, ""));
    Limit.Key all =
        Limit.Key.of(
            HEADER, TENANT, KeyPart.Plain.CALLER, KeyPart.Plain.TOKEN, KeyPart.Plain.ADDRESS);

    assertThat(
            Stream.of(
                byField(), // the address in bytes
                byField("X-Api-Key", looksLike),
                byField("X-Api-Key", ADDRESS), // the address in letters
                byTenant(caller("alice", looksLike)),
                byTenant(caller(looksLike, "")),
                bucket(all, called)))
        .doesNotHaveDuplicates();
    // The first and the fifth are who they look like under other keys of the same limit, too.
    assertThat(digest(byTenant(caller(looksLike, ""))))
        .isEqualTo(digest(bucket(Limit.Key.CALLER, called)))
        .isNotEqualTo(digest(byField("X-Api-Key", looksLike)));
    assertThat(digest(byField()))
        .isEqualTo(digest(bucket(Limit.Key.ADDRESS, Requests.from(ADDRESS, ""))));
  }

  private static String digest(String bucket) {
    return bucket.substring(bucket.lastIndexOf(':'));
  }

  @Test
  void noTextOfOnePartRunsOverIntoTheNext() {
    Limit.Key both = Limit.Key.of(HEADER, TENANT);
    Exchange one = Requests.from(ADDRESS, "", "X-Api-Key", "ab");
    one.identify(caller("alice", "c"));
    Exchange other = Requests.from(ADDRESS, "", "X-Api-Key", "a");
    other.identify(caller("alice", "bc"));
    Exchange same = Requests.from("192.0.2.7", "", "X-Api-Key", "ab");
    same.identify(caller("bob", "c"));

    assertThat(bucket(both, one)).isNotEqualTo(bucket(both, other)).isEqualTo(bucket(both, same));
  }

  @Test
  void tellsTextsApartThatAnEncodingWritesAlike() {
    assertThat(byTenant(caller("alice", "\ud800")))
        .isNotEqualTo(byTenant(caller("alice", "\ud801")));
    assertThat(byTenant(caller("alice", "\ud800"))).isNotEqualTo(byTenant(caller("alice", "?")));
  }

  @Test
  void anotherKeyOfTheSameLimitStartsWithFullBuckets() {
    Exchange exchange = Requests.from(ADDRESS, "");
    List<KeyPart> parts = List.of(KeyPart.Plain.ADDRESS);

    assertThat(
            Stream.of(
                bucket(new Limit.Key(parts, 32, 64), exchange),
                bucket(new Limit.Key(parts, 32, 48), exchange),
                bucket(Limit.Key.of(KeyPart.Plain.ADDRESS, KeyPart.Plain.ROUTE), exchange)))
        .doesNotHaveDuplicates();
  }

  @Test
  void takesAnAddressByItsNetwork() {
    Network usual = new Network(32, 64);
    assertThat(usual.of("192.0.2.1")).isEqualTo(usual.of("::ffff:192.0.2.1"));
    assertThat(usual.of("192.0.2.1")).isNotEqualTo(usual.of("192.0.2.2"));
    assertThat(usual.of("2001:db8:0:1::1")).isEqualTo(usual.of("2001:db8:0:1:9::"));
    assertThat(usual.of("2001:db8:0:1::1")).isNotEqualTo(usual.of("2001:db8:0:2::1"));
    assertThat(usual.of("::1")).isNotEqualTo(usual.of("0.0.0.0"));

    Network wide = new Network(22, 49);
    assertThat(wide.of("192.0.3.255")).isEqualTo(wide.of("192.0.0.1"));
    assertThat(wide.of("192.0.4.0")).isNotEqualTo(wide.of("192.0.3.255"));
    assertThat(wide.of("2001:db8:0:7fff::1")).isEqualTo(wide.of("2001:db8::"));
    assertThat(wide.of("2001:db8:0:8000::1")).isNotEqualTo(wide.of("2001:db8::"));
    assertThat(new Network(32, 128).of("2001:db8::1"))
        .isNotEqualTo(new Network(32, 128).of("2001:db8::2"));
  }
}
