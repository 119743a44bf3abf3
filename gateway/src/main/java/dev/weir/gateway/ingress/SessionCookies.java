package dev.weir.gateway.ingress;

import java.util.Set;

/**
 * Keeps the refresh cookie away from every upstream but the one that redeems it. The cookie's
 * {@code __Host-} prefix forces Path=/, so browsers send it everywhere and the edge has to hold it
 * back.
 *
 * @param name the cookie; empty: none is held back
 * @param paths the edge paths it may pass to
 */
public record SessionCookies(String name, Set<String> paths) {

  /** Copies the paths. */
  public SessionCookies {
    paths = Set.copyOf(paths);
  }

  boolean passes(String path) {
    return name.isEmpty() || paths.contains(path);
  }

  /** Returns the Cookie value without the held-back cookie; empty where nothing is left. */
  String withhold(String cookie) {
    if (!cookie.contains(name)) {
      return cookie;
    }
    StringBuilder kept = new StringBuilder(cookie.length());
    int at = 0;
    while (at < cookie.length()) {
      int semicolon = cookie.indexOf(';', at);
      int end = semicolon < 0 ? cookie.length() : semicolon;
      String pair = cookie.substring(at, end).strip();
      if (!isWithheld(pair)) {
        kept.append(kept.isEmpty() ? "" : "; ").append(pair);
      }
      at = end + 1;
    }
    return kept.toString();
  }

  private boolean isWithheld(String pair) {
    int equals = pair.indexOf('=');
    String cookieName = equals < 0 ? pair : pair.substring(0, equals).strip();
    return cookieName.equals(name);
  }
}
