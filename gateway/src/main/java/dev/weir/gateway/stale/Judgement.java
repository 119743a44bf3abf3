package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/** What an answer of an upstream says of the one that is kept for the same address. Pure. */
sealed interface Judgement {

  /** Nothing: what was kept before stays as good as it was. */
  record Leave() implements Judgement {}

  /** It is no longer what the upstream would answer. */
  record Forget() implements Judgement {}

  /** It is what the upstream would answer now (RFC 9111 §4.3.4). */
  record Renew() implements Judgement {}

  /**
   * This one may take its place, if its {@link Terms} allow it.
   *
   * @param allowedSeconds its age at which it is of no more use
   */
  record Consider(CacheControl said, long allowedSeconds) implements Judgement {}

  static Judgement of(
      Exchange exchange, UpstreamResponse answer, Origin origin, Directives directives) {
    int status = answer.status();
    if (Asked.changes(exchange.method())) {
      // RFC 9111 §4.4; not for a failure, which changed nothing.
      return status >= 200 && status < 400 ? new Forget() : new Leave();
    }
    boolean reads =
        HttpMethod.GET.equals(exchange.method()) || HttpMethod.HEAD.equals(exchange.method());
    if (reads && (status == 404 || status == 410)) {
      return forgetUnlessByName(exchange, origin);
    }
    if ((status != 200 && status != 304) || !Asked.mayBeKept(exchange)) {
      return new Leave();
    }
    if (status == 304) {
      return new Renew();
    }
    HttpHeaders fields = answer.headers();
    CacheControl said = directives.of(fields);
    long allowed = Lifetime.allowed(said, fields, origin.within().toSeconds());
    return allowed == 0 ? forgetUnlessByName(exchange, origin) : new Consider(said, allowed);
  }

  /** What one caller may not see, or no longer has, others may. */
  private static Judgement forgetUnlessByName(Exchange exchange, Origin origin) {
    return Asked.byName(exchange, origin.credentials()) ? new Leave() : new Forget();
  }
}
