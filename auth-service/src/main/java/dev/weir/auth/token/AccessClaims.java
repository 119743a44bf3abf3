package dev.weir.auth.token;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Checks the claims of a token whose signature holds, each for its exact type and value. */
final class AccessClaims {
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final Duration MAX_LIFE = Duration.ofMinutes(10);

  private final Issuer issuer;
  private final InstantSource clock;

  AccessClaims(Issuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.clock = clock;
  }

  Optional<AccessToken> read(JsonNode claims) {
    var key = key(claims.path("cnf"));
    if (!isForUs(claims) || !isCurrent(claims) || claims.has("cnf") != key.isPresent()) {
      return Optional.empty();
    }
    var subject = id(claims.path("sub"));
    var session = id(claims.path("sid"));
    var epoch = integer(claims.path("ue"));
    var authenticatedAt = integer(claims.path("auth_time"));
    if (subject.isEmpty()
        || session.isEmpty()
        || epoch.isEmpty()
        || authenticatedAt.isEmpty()
        || text(claims, "jti").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AccessToken(
            subject.get(),
            session.get(),
            epoch.getAsLong(),
            text(claims, "client_id"),
            List.of(text(claims, "scope").split(" ", -1)),
            texts(claims.path("roles")),
            text(claims, "acr"),
            texts(claims.path("amr")),
            Instant.ofEpochSecond(authenticatedAt.getAsLong()),
            key));
  }

  /** A confirmation of another kind, or a further one, is not understood here: no token of ours. */
  private static Optional<String> key(JsonNode confirmation) {
    var key = text(confirmation, "jkt");
    return Optional.of(key).filter(text -> text.length() == 43 && confirmation.size() == 1);
  }

  private boolean isForUs(JsonNode claims) {
    return text(claims, "iss").equals(issuer.url())
        && text(claims, "aud").equals(issuer.audience());
  }

  private boolean isCurrent(JsonNode claims) {
    long now = clock.instant().getEpochSecond();
    var expiry = integer(claims.path("exp"));
    var issued = integer(claims.path("iat"));
    if (expiry.isEmpty() || issued.isEmpty() || !isStarted(claims, now)) {
      return false;
    }
    return expiry.getAsLong() > now - SKEW.toSeconds()
        && expiry.getAsLong() <= issued.getAsLong() + MAX_LIFE.toSeconds()
        && issued.getAsLong() <= now + SKEW.toSeconds()
        && issued.getAsLong() >= 0;
  }

  private static boolean isStarted(JsonNode claims, long now) {
    if (!claims.has("nbf")) {
      return true;
    }
    var notBefore = integer(claims.path("nbf"));
    return notBefore.isPresent() && notBefore.getAsLong() <= now + SKEW.toSeconds();
  }

  private static OptionalLong integer(JsonNode node) {
    return node.isIntegralNumber()
            && node.canConvertToLong()
            && Math.abs(node.longValue()) < 1L << 53
        ? OptionalLong.of(node.longValue())
        : OptionalLong.empty();
  }

  private static Optional<UUID> id(JsonNode node) {
    try {
      return node.isString() ? Optional.of(UUID.fromString(node.stringValue())) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode claims, String name) {
    var node = claims.path(name);
    return node.isString() ? node.stringValue() : "";
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    for (var node : array) {
      if (node.isString()) {
        texts.add(node.stringValue());
      }
    }
    return texts;
  }
}
