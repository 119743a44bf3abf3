package dev.weir.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Somebody's session, with the claims that Weir's own tokens have. Every {@code with} returns
 * another one; the session's id stays.
 */
public final class TestSession {
  private static final String SECOND_FACTOR = "urn:x:aal2";
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final TestIssuer issuer;
  private final String subject;
  private final String id;
  private final Map<String, Object> claims;

  private TestSession(TestIssuer issuer, String subject, String id, Map<String, Object> claims) {
    this.issuer = issuer;
    this.subject = subject;
    this.id = id;
    this.claims = claims;
  }

  static TestSession of(TestIssuer issuer, String subject) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("client_id", "weir-native");
    claims.put("ue", 1);
    claims.put("scope", "");
    claims.put("roles", List.of());
    claims.put("acr", "urn:x:aal1");
    claims.put("amr", List.of("pwd"));
    claims.put("auth_time", Instant.now().getEpochSecond());
    return new TestSession(issuer, subject, UUID.randomUUID().toString(), claims);
  }

  /** Has these roles, and no others. */
  public TestSession withRoles(String... roles) {
    return with("roles", List.copyOf(new TreeSet<>(Set.of(roles))));
  }

  /** Has these scopes, and no others. */
  public TestSession withScopes(String... scopes) {
    return with("scope", String.join(" ", new TreeSet<>(Set.of(scopes))));
  }

  /** Was opened with a second factor. */
  public TestSession withSecondFactor() {
    return with("acr", SECOND_FACTOR).with("amr", List.of("pwd", "otp", "mfa"));
  }

  /** Was opened so long ago. */
  public TestSession openedBefore(Duration ago) {
    return with("auth_time", Instant.now().minus(ago).getEpochSecond());
  }

  /** Is bound to a key: its tokens are of no use without proofs of it. */
  public TestSession boundTo(BoundKey key) {
    return with("cnf", Map.of("jkt", key.thumbprint()));
  }

  /** Has a claim of any kind, in place of what it had. */
  public TestSession with(String claim, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(claims);
    changed.put(claim, value);
    return new TestSession(issuer, subject, id, changed);
  }

  /** Returns the session's id. */
  public String id() {
    return id;
  }

  /** Returns a token that is good for five minutes; a new one each time. */
  public String token() {
    return token(Instant.now());
  }

  /** Returns a token that was good an hour ago. */
  public String expiredToken() {
    return token(Instant.now().minus(Duration.ofHours(1)));
  }

  private String token(Instant issued) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("iss", issuer.name());
    all.put("sub", subject);
    all.put("aud", issuer.audience());
    all.put("exp", issued.plus(LIFE).getEpochSecond());
    all.put("iat", issued.getEpochSecond());
    all.put("jti", UUID.randomUUID());
    all.put("sid", id);
    all.putAll(claims);
    if (claims.containsKey("cnf")) {
      all.computeIfPresent("acr", (_, acr) -> bound(acr));
    }
    return issuer.sign(all);
  }

  /** Says of a second factor that there is a key as well. */
  private static Object bound(Object acr) {
    return SECOND_FACTOR.equals(acr) ? SECOND_FACTOR + ":device" : acr;
  }

  /**
   * Returns the fields by which the gateway tells a service who calls. What it has no value for it
   * does not send.
   */
  public Map<String, String> fields() {
    Map<String, String> fields = new TreeMap<>();
    fields.put("X-Weir-Subject", subject);
    fields.put("X-Weir-Session", id);
    field("roles", ",").ifPresent(roles -> fields.put("X-Weir-Roles", roles));
    field("scope", " ").ifPresent(scopes -> fields.put("X-Weir-Scopes", scopes));
    return Map.copyOf(fields);
  }

  private Optional<String> field(String claim, String separator) {
    Object value = claims.getOrDefault(claim, "");
    String text =
        value instanceof List<?> words
            ? String.join(separator, words.stream().map(String::valueOf).toList())
            : value.toString();
    return Optional.of(text).filter(words -> !words.isEmpty());
  }
}
