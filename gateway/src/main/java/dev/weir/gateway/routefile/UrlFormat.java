package dev.weir.gateway.routefile;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/** An absolute http or https URL that a client can fetch. */
record UrlFormat() implements Format<URI> {

  @Override
  public String allowed() {
    return "an http or https URL of at most 2048 characters, without user information or fragment";
  }

  @Override
  public Reading<URI> read(String text) {
    if (text.length() > 2048) {
      return Reading.outOfBounds("is too long", "write at most 2048 characters");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException malformed) {
      return bad(text, "is not a URL", "write it like https://login.example.com/jwks.json");
    }
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return bad(text, "is neither http nor https", "write http:// or https:// in front");
    }
    String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    if (authority.contains("@")) {
      // The text itself is not repeated: it holds a password as likely as not.
      return Reading.bad("holds user information", "remove what is before the @");
    }
    if (!EndpointFormat.isHost(
        authority.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]{1,5}$", ""))) {
      return bad(text, "has no valid host", "write it like https://login.example.com/jwks.json");
    }
    if (uri.getRawFragment() != null) {
      return bad(text, "has a fragment", "remove '#" + uri.getRawFragment() + "'");
    }
    return new Reading.Good<>(uri);
  }

  private static Reading<URI> bad(String text, String message, String fix) {
    return Reading.bad("'" + TextFormat.shortened(text) + "' " + message, fix);
  }
}
