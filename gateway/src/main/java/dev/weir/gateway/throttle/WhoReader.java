package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.throttle.Who.As;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Reads one part of a key from a request. What is not there falls to the next best: a claim and a
 * token to the caller, a caller and a field to the address, which every request has. What an issuer
 * says is told apart from the same words of another.
 */
@FunctionalInterface
interface WhoReader {
  /** Longer values of a field count as absent: what one request costs is bounded. */
  int FIELD_BOUND = 512;

  /** Returns who the request is by this part, in front of the parts behind it. */
  Who read(Exchange exchange, @Nullable Who next);

  /** Returns the reader of a part. */
  static WhoReader of(KeyPart part) {
    return switch (part) {
      case KeyPart.Plain plain -> of(plain);
      case KeyPart.Header(String name) -> ofField(AsciiString.cached(name));
      case KeyPart.Claim(String name) -> (exchange, next) -> byClaim(exchange, name, next);
    };
  }

  private static WhoReader of(KeyPart.Plain part) {
    return switch (part) {
      case ADDRESS -> WhoReader::byAddress;
      case CALLER -> WhoReader::byCaller;
      case TOKEN -> WhoReader::byToken;
      case ROUTE -> (exchange, next) -> new Who(As.ROUTE, exchange.route().id(), next);
    };
  }

  private static WhoReader ofField(AsciiString name) {
    return (exchange, next) -> {
      String value = field(exchange.headers(), name);
      return value.isEmpty() ? byAddress(exchange, next) : new Who(As.HEADER, value, next);
    };
  }

  private static Who byAddress(Exchange exchange, @Nullable Who next) {
    return new Who(As.ADDRESS, exchange.head().clientAddress(), next);
  }

  private static Who byCaller(Exchange exchange, @Nullable Who next) {
    Caller caller = exchange.caller();
    return caller.isVerified()
        ? new Who(As.CALLER, caller.subject(), new Who(As.ISSUER, caller.issuer(), next))
        : byAddress(exchange, next);
  }

  private static Who byToken(Exchange exchange, @Nullable Who next) {
    Caller caller = exchange.caller();
    return caller.isVerified()
        ? new Who(As.TOKEN, caller.tokenKey(), next)
        : byAddress(exchange, next);
  }

  private static Who byClaim(Exchange exchange, String name, @Nullable Who next) {
    Caller caller = exchange.caller();
    String value = caller.claim(name);
    return value.isEmpty()
        ? byCaller(exchange, next)
        : new Who(As.CLAIM, value, new Who(As.ISSUER, caller.issuer(), next));
  }

  /**
   * Returns the one value of a field. Sent twice it counts as absent: the upstream may believe the
   * other one, and a client would change the first from request to request.
   */
  private static String field(HttpHeaders headers, AsciiString name) {
    Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
    if (!values.hasNext()) {
      return "";
    }
    String value = values.next().toString().strip();
    return values.hasNext() || value.length() > FIELD_BOUND ? "" : value;
  }
}
