package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Balance.HashKey;
import java.util.Locale;
import java.util.regex.Pattern;

/** What of a request is hashed: a word, or the kind of a thing and its name. */
record HashKeyFormat() implements Format<HashKey> {
  // token of RFC 9110 §5.6.2: names of fields and, by RFC 6265, of cookies.
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  @Override
  public String allowed() {
    return "header:NAME, cookie:NAME, address, caller, path";
  }

  @Override
  public Reading<HashKey> read(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String name = colon < 0 ? "" : text.substring(colon + 1);
    boolean named = kind.equals("header") || kind.equals("cookie");
    if (named && !TOKEN.matcher(name).matches()) {
      return bad(
          text,
          name.isEmpty() ? "has no name" : "has no valid name",
          "write it like " + kind + ":" + (kind.equals("header") ? "X-Tenant" : "session"));
    }
    return switch (text) {
      case "address" -> new Reading.Good<>(new HashKey.Address());
      case "caller" -> new Reading.Good<>(new HashKey.Caller());
      case "path" -> new Reading.Good<>(new HashKey.Path());
      default -> named ? named(kind, name) : bad(text, "is unknown", "write one of them");
    };
  }

  private static Reading<HashKey> named(String kind, String name) {
    return new Reading.Good<>(
        kind.equals("header")
            ? new HashKey.Header(name.toLowerCase(Locale.ROOT))
            : new HashKey.Cookie(name));
  }

  private static Reading<HashKey> bad(String text, String message, String fix) {
    return Reading.bad("'" + TextFormat.shortened(text) + "' " + message, fix);
  }
}
