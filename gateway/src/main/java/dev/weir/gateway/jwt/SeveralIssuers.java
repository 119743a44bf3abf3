package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import java.util.Map;

/**
 * Lets a request pass with a token of one of several issuers. A token says whose it is before
 * anybody believes it: that only chooses who looks at it, and that issuer's keys and rules decide,
 * its name among them. A token of anybody else is not looked at, so that it makes nobody fetch
 * keys.
 *
 * <p>Per request: the payload is read once more, as long as the token is. Routes with one issuer,
 * nearly all, are not served by this class.
 */
final class SeveralIssuers implements Enforcer {
  private final JwtEnforcer first;
  private final Map<String, JwtEnforcer> byName;

  /**
   * Chooses between these.
   *
   * @param first says what is said of a request without a token
   * @param byName by the exact {@code iss}
   */
  SeveralIssuers(JwtEnforcer first, Map<String, JwtEnforcer> byName) {
    this.first = first;
    this.byName = Map.copyOf(byName);
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    return switch (Presented.in(exchange.head())) {
      case Presented.Nothing nothing -> first.enforce(exchange);
      case Presented.Wrongly wrongly -> first.enforce(exchange);
      case Presented.Token(String text) -> choose(exchange, text);
      case Presented.Proven(String text) -> choose(exchange, text);
    };
  }

  private Verdict choose(Exchange exchange, String text) {
    JwtEnforcer chosen = byName.get(claimed(text));
    return chosen == null ? first.reject() : chosen.enforce(exchange);
  }

  /** Returns the issuer that a token claims to be of; nothing where it cannot be read. */
  private static String claimed(String text) {
    return CompactToken.of(text) instanceof Read.Good<CompactToken>(CompactToken token)
        ? StrictJson.object(token.payload())
            .map(claims -> new ClaimReader(claims).text("iss"))
            .orElse("")
        : "";
  }
}
