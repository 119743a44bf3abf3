package dev.weir.gateway.routefile;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Where an upstream says what a request has cost: {@code response-header:X-Cost}. */
record ReportFormat() implements Format<String> {
  private static final String PREFIX = "response-header:";

  // token of RFC 9110 §5.6.2.
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

  /** The field is taken out of the answer, which these are not to lose. */
  private static final Set<String> NEEDED =
      Set.of(
          "age",
          "allow",
          "cache-control",
          "connection",
          "content-encoding",
          "content-length",
          "content-range",
          "content-type",
          "date",
          "etag",
          "expires",
          "last-modified",
          "location",
          "retry-after",
          "set-cookie",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "vary",
          "www-authenticate");

  @Override
  public String allowed() {
    return "response-header:NAME, a field that only the gateway reads";
  }

  @Override
  public Reading<String> read(String text) {
    String name = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
    if (!FIELD_NAME.matcher(name).matches()) {
      return Reading.bad(
          "'" + TextFormat.shortened(text) + "' names no field of an answer",
          "write it like response-header:X-Cost");
    }
    String folded = name.toLowerCase(Locale.ROOT);
    if (NEEDED.contains(folded)) {
      return Reading.bad(
          "'" + text + "' would be taken out of the answer, and clients need it",
          "let the upstream use a field of its own, such as X-Cost");
    }
    return new Reading.Good<>(folded);
  }
}
