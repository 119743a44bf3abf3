package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Endpoint;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code http://host:port} or {@code https://host:port} and nothing more. java.net.URI is of no use
 * here: it drops the host of names with an underscore, which container networks are full of.
 */
record EndpointFormat() implements Format<Endpoint> {
  private static final Pattern PARTS =
      Pattern.compile(
          "([a-zA-Z]+)://([^/?#@]*@)?(\\[[^\\]/?#]*\\]|[^:/?#\\[\\]]*)(?::([0-9]*))?(.*)");
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_][a-z0-9_-]{0,62})*");

  @Override
  public String allowed() {
    return "http://HOST:PORT or https://HOST:PORT";
  }

  @Override
  public Reading<Endpoint> read(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      return bad(text, "is not a URL", "write it like http://127.0.0.1:9101");
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return bad(text, "is neither http nor https", "write http:// or https:// in front");
    }
    if (parts.group(2) != null) {
      // The text itself is not repeated: it holds a password as likely as not.
      return Reading.bad("holds user information", "remove what is before the @");
    }
    String host = parts.group(3).toLowerCase(Locale.ROOT);
    String port = parts.group(4);
    if (!parts.group(5).isEmpty()) {
      return bad(text, "has more than a host and a port", "remove '" + parts.group(5) + "'");
    }
    if (!isHost(host)) {
      return bad(text, "has no valid host", "write a DNS name, an IPv4 address or [IPv6]");
    }
    if (port == null || port.isEmpty()) {
      String usual = scheme.equals("http") ? "80" : "443";
      return bad(text, "has no port", "write %s://%s:%s".formatted(scheme, host, usual));
    }
    return withPort(text, scheme, host, port);
  }

  private static Reading<Endpoint> withPort(String text, String scheme, String host, String port) {
    if (port.length() > 5 || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535) {
      return Reading.outOfBounds(
          "'" + text + "' has a port out of bounds", "write a port from 1 to 65535");
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    Endpoint.Scheme spoken = scheme.equals("http") ? Endpoint.Scheme.HTTP : Endpoint.Scheme.HTTPS;
    return new Reading.Good<>(new Endpoint(spoken, bare, Integer.parseInt(port)));
  }

  /** Returns whether a lower-case text is a DNS name, an IPv4 address or a bracketed IPv6 one. */
  static boolean isHost(String host) {
    if (host.startsWith("[")) {
      return isAddress(() -> Inet6Address.ofLiteral(host));
    }
    if (host.matches("(.*\\.)?[0-9]+")) {
      return host.matches("[0-9]+(\\.[0-9]+){3}") && isAddress(() -> Inet4Address.ofLiteral(host));
    }
    return NAME.matcher(host).matches();
  }

  private static boolean isAddress(Runnable parse) {
    try {
      parse.run();
      return true;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static Reading<Endpoint> bad(String text, String message, String fix) {
    return Reading.bad("'" + TextFormat.shortened(text) + "' " + message, fix);
  }
}
