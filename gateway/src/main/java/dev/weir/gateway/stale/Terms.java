package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.Optional;

/**
 * On what terms an answer is kept. Pure.
 *
 * @param allowedSeconds its age at which it is of no more use
 * @param broughtSeconds its age when it arrived
 * @param shared whether the upstream says that it is for all, whoever asks
 * @param selection what it was chosen by
 */
record Terms(long allowedSeconds, long broughtSeconds, boolean shared, Selection selection) {
  /** The largest answer that is kept, its fields included. */
  static final int MOST_BYTES = 64 * 1024;

  /** Returns the terms; nothing where it is not kept. */
  static Optional<Terms> of(
      Exchange exchange, HttpHeaders answer, Origin origin, Judgement.Consider judged) {
    boolean shared = judged.said().has("public") || judged.said().has("s-maxage");
    boolean forOne = !shared && Asked.byName(exchange, origin.credentials());
    if (forOne || !isWholeAndPlain(answer)) {
      return Optional.empty();
    }
    return Selection.of(answer, exchange.headers(), origin.credentials())
        .map(by -> new Terms(judged.allowedSeconds(), Lifetime.brought(answer), shared, by));
  }

  /** A cookie is for one; a part is no whole; events never end. */
  private static boolean isWholeAndPlain(HttpHeaders fields) {
    return !fields.contains(HttpHeaderNames.SET_COOKIE)
        && !fields.contains(HttpHeaderNames.CONTENT_RANGE)
        && !AsciiString.contentEqualsIgnoreCase(
            mediaType(fields), HttpHeaderValues.TEXT_EVENT_STREAM)
        && fields.getAll(HttpHeaderNames.CONTENT_LENGTH).size() < 2
        && size(fields) + fields.getInt(HttpHeaderNames.CONTENT_LENGTH, 0) <= MOST_BYTES;
  }

  private static String mediaType(HttpHeaders fields) {
    String type = fields.get(HttpHeaderNames.CONTENT_TYPE, "");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
  }

  private static long size(HttpHeaders fields) {
    long size = 0;
    for (Map.Entry<String, String> field : fields) {
      size += field.getKey().length() + field.getValue().length();
    }
    return size;
  }
}
