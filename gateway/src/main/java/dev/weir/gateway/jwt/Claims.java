package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Assurance;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.route.Issuer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the claims of a token whose signature holds. Pure: the time comes in.
 *
 * <p>Types are strict: a date is a JSON integer from 0 to 2^53, not a string that looks like one.
 * What goes into a field for the upstream is visible ASCII, so that nobody can write a second field
 * or a name that another reader takes for somebody else's.
 */
final class Claims {
  private static final long LARGEST_DATE = 1L << 53;
  private static final int NAME_BOUND = 255;
  private static final int ROLE_BOUND = 64;
  private static final int LIST_BOUND = 100;

  private final ObjectNode claims;
  private final Set<String> kept;

  private Claims(ObjectNode claims, Set<String> kept) {
    this.claims = claims;
    this.kept = kept;
  }

  /**
   * Reads and checks.
   *
   * @param kept names of the claims that limits go by
   */
  static Read<AccessToken> of(
      byte[] json, Issuer issuer, long nowSeconds, String tokenKey, Set<String> kept) {
    ObjectNode object = StrictJson.object(json).orElse(null);
    return object == null
        ? Read.bad(TokenFault.JSON)
        : new Claims(object, kept).check(issuer, nowSeconds, tokenKey);
  }

  private Read<AccessToken> check(Issuer issuer, long nowSeconds, String tokenKey) {
    if (!issuer.issuer().equals(text("iss"))) {
      return Read.bad(TokenFault.ISSUER);
    }
    if (!isFor(issuer.audience())) {
      return Read.bad(TokenFault.AUDIENCE);
    }
    long skew = issuer.clockSkew().toSeconds();
    long expires = date("exp");
    if (expires < 0 || nowSeconds >= expires + skew) {
      return Read.bad(TokenFault.EXPIRY);
    }
    boolean started = !claims.has("nbf") || isPast("nbf", nowSeconds + skew);
    if (!started || !isPast("iat", nowSeconds + skew)) {
      return Read.bad(TokenFault.NOT_YET);
    }
    // A token bound to its sender needs a proof that this gateway does not check: fail closed.
    if (claims.has("cnf")) {
      return Read.bad(TokenFault.CONFIRMATION);
    }
    return identity(expires, tokenKey, nowSeconds + skew);
  }

  private Read<AccessToken> identity(long expires, String tokenKey, long latest) {
    String subject = text("sub");
    if (!StrictJson.isVisibleAscii(subject, NAME_BOUND)) {
      return Read.bad(TokenFault.SUBJECT);
    }
    String id = text("jti");
    String session = text("sid");
    boolean sessionIsSound = !claims.has("sid") || StrictJson.isVisibleAscii(session, NAME_BOUND);
    if (!StrictJson.isVisibleAscii(id, NAME_BOUND) || !sessionIsSound) {
      return Read.bad(TokenFault.IDENTIFIER);
    }
    long epoch = date("ue");
    if (claims.has("ue") && epoch < 0) {
      return Read.bad(TokenFault.EPOCH);
    }
    List<String> roles = roles();
    if (roles == null) {
      return Read.bad(TokenFault.ROLES);
    }
    Set<String> scopes = scopes();
    if (scopes == null) {
      return Read.bad(TokenFault.SCOPE);
    }
    Caller caller =
        new Caller(
            subject,
            session,
            tokenKey,
            Set.copyOf(roles),
            scopes,
            kept(),
            text("iss"),
            // A login of the future, or in milliseconds, would be recent for ever: it counts as
            // none.
            new Assurance(text("acr"), isPast("auth_time", latest) ? date("auth_time") : -1));
    return Read.good(
        new AccessToken(
            caller, id, epoch, expires, String.join(",", roles), String.join(" ", scopes)));
  }

  /**
   * Returns what limits go by. It is digested and goes nowhere else, so any text will do; one that
   * is too long, or no text, counts as absent, as a token is not bad for what a limit would like.
   */
  private Map<String, String> kept() {
    Map<String, String> texts = new HashMap<>();
    for (String name : kept) {
      String text = text(name);
      if (!text.isEmpty() && text.length() <= NAME_BOUND) {
        texts.put(name, text);
      }
    }
    return texts;
  }

  /**
   * One audience, or an array of just that one. RFC 7519 would take a longer array, but such a
   * token can be played on by every other party that it is for.
   */
  private boolean isFor(String audience) {
    JsonNode value = claims.get("aud");
    if (value != null && value.isArray()) {
      return value.size() == 1 && isText(value.get(0), audience);
    }
    return isText(value, audience);
  }

  private static boolean isText(@Nullable JsonNode value, String expected) {
    return value != null && value.isString() && expected.equals(value.stringValue());
  }

  private boolean isPast(String name, long latest) {
    long date = date(name);
    return date >= 0 && date <= latest;
  }

  /** Returns a whole number from 0 to 2^53, or -1. */
  private long date(String name) {
    JsonNode value = claims.get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      return -1;
    }
    long number = value.longValue();
    return number < 0 || number > LARGEST_DATE ? -1 : number;
  }

  private String text(String name) {
    JsonNode value = claims.get(name);
    return value != null && value.isString() ? value.stringValue() : "";
  }

  private @Nullable List<String> roles() {
    JsonNode value = claims.get("roles");
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.size() > LIST_BOUND) {
      return null;
    }
    Set<String> roles = new TreeSet<>();
    for (JsonNode role : value) {
      String name = role.isString() ? role.stringValue() : "";
      if (!StrictJson.isVisibleAscii(name, ROLE_BOUND) || name.indexOf(',') >= 0) {
        return null;
      }
      roles.add(name);
    }
    return new ArrayList<>(roles);
  }

  /** The characters of a scope are RFC 6749 §3.3's: no quotation mark, no backslash. */
  private @Nullable Set<String> scopes() {
    JsonNode value = claims.get("scope");
    if (value == null) {
      return Set.of();
    }
    if (!value.isString()) {
      return null;
    }
    String text = value.stringValue();
    Set<String> scopes = new TreeSet<>();
    for (int start = 0; start < text.length(); ) {
      int space = text.indexOf(' ', start);
      int end = space < 0 ? text.length() : space;
      String scope = text.substring(start, end);
      boolean sound =
          StrictJson.isVisibleAscii(scope, ROLE_BOUND * 2)
              && scope.indexOf('"') < 0
              && scope.indexOf('\\') < 0;
      if (!sound || scopes.size() == LIST_BOUND) {
        return null;
      }
      scopes.add(scope);
      start = end + 1;
    }
    return scopes;
  }
}
