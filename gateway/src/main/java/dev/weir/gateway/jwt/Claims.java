package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Assurance;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.route.ClaimNames;
import dev.weir.gateway.route.ClaimPath;
import dev.weir.gateway.route.Dialect;
import dev.weir.gateway.route.Issuer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the claims of a token whose signature holds. Pure: the time comes in.
 *
 * <p>What goes into a field for the upstream is visible ASCII, so that nobody can write a second
 * field or a name that another reader takes for somebody else's.
 */
final class Claims {
  private static final int NAME_BOUND = 255;
  private static final int ROLE_BOUND = 64;
  private static final String TENANT = "tenant";
  private static final ClaimPath KEY = new ClaimPath(List.of("cnf", "jkt"));

  /** What only ID tokens, logout tokens and other events have (RFC 8725 §3.12). */
  private static final List<String> OF_OTHER_KINDS = List.of("at_hash", "c_hash", "events");

  private final ClaimReader claims;
  private final Issuer issuer;
  private final Dialect dialect;
  private final ClaimNames names;

  private Claims(ClaimReader claims, Issuer issuer) {
    this.claims = claims;
    this.issuer = issuer;
    this.dialect = issuer.dialect();
    this.names = dialect.names();
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
        : new Claims(new ClaimReader(object), issuer).check(nowSeconds, tokenKey, kept);
  }

  private Read<AccessToken> check(long nowSeconds, String tokenKey, Set<String> kept) {
    if (!issuer.issuer().equals(claims.text("iss"))) {
      return Read.bad(TokenFault.ISSUER);
    }
    if (!claims.isFor(issuer.audience(), dialect.otherAudiences())) {
      return Read.bad(TokenFault.AUDIENCE);
    }
    if (OF_OTHER_KINDS.stream().anyMatch(claims::has)) {
      return Read.bad(TokenFault.TYPE);
    }
    long skew = issuer.clockSkew().toSeconds();
    long expires = claims.date("exp");
    if (expires < 0 || nowSeconds >= expires + skew) {
      return Read.bad(TokenFault.EXPIRY);
    }
    boolean started = !claims.has("nbf") || claims.isPast("nbf", nowSeconds + skew);
    if (!started || !claims.isPast("iat", nowSeconds + skew)) {
      return Read.bad(TokenFault.NOT_YET);
    }
    // What a token is bound to in another way needs a proof that is not checked here.
    boolean bound = claims.hasOnly("cnf", "jkt") && StrictJson.isThumbprint(claims.text(KEY));
    if (claims.has("cnf") && !bound) {
      return Read.bad(TokenFault.CONFIRMATION);
    }
    return identity(expires, tokenKey, nowSeconds + skew, kept);
  }

  private Read<AccessToken> identity(long expires, String tokenKey, long latest, Set<String> kept) {
    String subject = apart(names.subject());
    if (subject.isEmpty()) {
      return Read.bad(TokenFault.SUBJECT);
    }
    String id = claims.text(names.id());
    String session = apart(names.session());
    if (!isIdentified(id) || (claims.has(names.session()) && session.isEmpty())) {
      return Read.bad(TokenFault.IDENTIFIER);
    }
    long epoch = claims.date("ue");
    if (claims.has("ue") && epoch < 0) {
      return Read.bad(TokenFault.EPOCH);
    }
    Set<String> roles = roles();
    if (roles == null) {
      return Read.bad(TokenFault.ROLES);
    }
    Set<String> scopes = scopes();
    if (scopes == null) {
      return Read.bad(TokenFault.SCOPE);
    }
    String named = names.tenant().map(claims::text).orElse("");
    if (isBroken(names.tenant().orElse(null), named)) {
      return Read.bad(TokenFault.TENANT);
    }
    String tenant = dialect.namespace().of(named).orElse("");
    Caller caller =
        new Caller(
            subject,
            session,
            tokenKey,
            roles,
            scopes,
            kept(kept, tenant),
            issuer.issuer(),
            assurance(latest));
    return Read.good(
        new AccessToken(
            caller,
            claims.text(names.subject()),
            claims.text(names.session()),
            id,
            epoch,
            expires,
            String.join(",", roles),
            String.join(" ", scopes),
            tenant,
            claims.text(KEY)));
  }

  /** A login of the future, or in milliseconds, would be recent for ever: it counts as none. */
  private Assurance assurance(long latest) {
    if (names.acr().isEmpty()) {
      return Assurance.NONE;
    }
    boolean sound = claims.isPast("auth_time", latest);
    return new Assurance(claims.text(names.acr().get()), sound ? claims.date("auth_time") : -1);
  }

  /** Returns a name in this issuer's namespace; nothing where it is unsound or another's. */
  private String apart(ClaimPath path) {
    String text = claims.text(path);
    return StrictJson.isVisibleAscii(text, NAME_BOUND)
        ? dialect.namespace().of(text).orElse("")
        : "";
  }

  /** RFC 9068 wants an id; other tokens may go without, and cannot be revoked one by one. */
  private boolean isIdentified(String id) {
    return StrictJson.isVisibleAscii(id, NAME_BOUND)
        || (!dialect.isProfiled() && !claims.has(names.id()));
  }

  private boolean isBroken(@Nullable ClaimPath path, String text) {
    return path != null && claims.has(path) && !StrictJson.isVisibleAscii(text, NAME_BOUND);
  }

  /**
   * Returns what limits go by. It is digested and goes nowhere else, so any text will do; one that
   * is too long, or no text, counts as absent, as a token is not bad for what a limit would like.
   */
  private Map<String, String> kept(Set<String> wanted, String tenant) {
    Map<String, String> texts = new HashMap<>();
    for (String name : wanted) {
      String text = name.equals(TENANT) && names.tenant().isPresent() ? tenant : claims.text(name);
      if (!text.isEmpty() && text.length() <= NAME_BOUND) {
        texts.put(name, text);
      }
    }
    return texts;
  }

  private @Nullable Set<String> roles() {
    ClaimPath path = names.roles().orElse(null);
    if (path == null) {
      return Set.of();
    }
    return names.roles().equals(ClaimNames.STANDARD.roles())
        ? claims.listed(path, Claims::isRole)
        : words(path, Claims::isRole);
  }

  private @Nullable Set<String> scopes() {
    ClaimPath path = names.scope().orElse(null);
    if (path == null) {
      return Set.of();
    }
    return names.scope().equals(ClaimNames.STANDARD.scope())
        ? claims.spaced(path, Claims::isScope)
        : words(path, Claims::isScope);
  }

  /** Other providers write either of the two shapes. */
  private @Nullable Set<String> words(ClaimPath path, Predicate<String> sound) {
    return claims.isArray(path) ? claims.listed(path, sound) : claims.spaced(path, sound);
  }

  private static boolean isRole(String name) {
    return StrictJson.isVisibleAscii(name, ROLE_BOUND) && name.indexOf(',') < 0;
  }

  /** The characters of a scope are RFC 6749 §3.3's: no quotation mark, no backslash. */
  private static boolean isScope(String scope) {
    return StrictJson.isVisibleAscii(scope, ROLE_BOUND * 2)
        && scope.indexOf('"') < 0
        && scope.indexOf('\\') < 0;
  }
}
