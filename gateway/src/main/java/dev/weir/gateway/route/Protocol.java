package dev.weir.gateway.route;

/** What is spoken to the endpoints of an upstream. */
public enum Protocol {
  /** HTTP/1.1, with TLS or without. */
  H1("h1"),
  /** HTTP/2 over TLS, agreed on by ALPN. */
  H2("h2"),
  /** HTTP/2 without TLS, known beforehand (RFC 9113 §3.3). */
  H2C("h2c");

  private final String label;

  Protocol(String label) {
    this.label = label;
  }

  /** Returns the word of the route file. */
  public String label() {
    return label;
  }

  /** Returns whether many requests share a connection. */
  public boolean isMultiplexed() {
    return this != H1;
  }

  /** Returns whether endpoints of this scheme can be spoken to so. */
  public boolean fits(Endpoint.Scheme scheme) {
    return switch (this) {
      case H1 -> true;
      case H2 -> scheme == Endpoint.Scheme.HTTPS;
      case H2C -> scheme == Endpoint.Scheme.HTTP;
    };
  }
}
