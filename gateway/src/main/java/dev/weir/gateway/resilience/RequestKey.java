package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Balance.HashKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Iterator;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Finds what of a request is hashed, and hashes it; only a cookie on several lines allocates. */
final class RequestKey {
  /** Of a request that has no such header, cookie or caller. */
  static final long ABSENT = 0;

  private RequestKey() {}

  static ToLongFunction<Exchange> of(HashKey key) {
    return switch (key) {
      case HashKey.Header(String name) -> exchange -> hash(exchange.headers().get(name));
      case HashKey.Cookie(String name) -> exchange -> cookie(exchange, name);
      case HashKey.Address() -> exchange -> hash(exchange.head().clientAddress());
      case HashKey.Caller() -> exchange -> hash(exchange.caller().subject());
      case HashKey.Path() -> exchange -> hash(exchange.head().path());
    };
  }

  private static long hash(@Nullable String text) {
    return text == null || text.isEmpty() ? ABSENT : Mix.of(text);
  }

  private static long cookie(Exchange exchange, String name) {
    Iterator<String> lines = exchange.headers().valueStringIterator(HttpHeaderNames.COOKIE);
    while (lines.hasNext()) {
      long hash = cookie(lines.next(), name);
      if (hash != ABSENT) {
        return hash;
      }
    }
    return ABSENT;
  }

  /** Looks for {@code name=} at the start of a pair; the pairs are split by {@code ;} and blank. */
  private static long cookie(String line, String name) {
    int from = 0;
    while (from < line.length()) {
      int semicolon = line.indexOf(';', from);
      int end = semicolon < 0 ? line.length() : semicolon;
      while (from < end && line.charAt(from) == ' ') {
        from++;
      }
      int value = from + name.length() + 1;
      if (value < end && line.startsWith(name, from) && line.charAt(value - 1) == '=') {
        return Mix.of(line, value, end);
      }
      from = end + 1;
    }
    return ABSENT;
  }
}
