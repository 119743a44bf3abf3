package dev.weir.gateway.route;

import java.util.Locale;

/** One thing by which a limit tells requests apart. */
public sealed interface KeyPart {

  /** Returns the part as the route file writes it. */
  String text();

  /** Returns whether it can be known of a verified caller only. */
  boolean needsCaller();

  /** What needs no name. */
  enum Plain implements KeyPart {
    /** The client address, cut to the limit's prefix. */
    ADDRESS,
    /** The verified subject. */
    CALLER,
    /** The verified token. */
    TOKEN,
    /** The route: everyone on it. */
    ROUTE;

    private final String text = name().toLowerCase(Locale.ROOT);

    @Override
    public String text() {
      return text;
    }

    @Override
    public boolean needsCaller() {
      return this == CALLER || this == TOKEN;
    }
  }

  /**
   * A field of the request, such as an API key. A client chooses its value, and nobody has verified
   * it.
   *
   * @param name in lower case
   */
  record Header(String name) implements KeyPart {

    @Override
    public String text() {
      return "header:" + name;
    }

    @Override
    public boolean needsCaller() {
      return false;
    }
  }

  /** A claim of the verified token, such as a tenant. */
  record Claim(String name) implements KeyPart {

    @Override
    public String text() {
      return "claim:" + name;
    }

    @Override
    public boolean needsCaller() {
      return true;
    }
  }
}
