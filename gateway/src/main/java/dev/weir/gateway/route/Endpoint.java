package dev.weir.gateway.route;

/** One address of an upstream. */
public record Endpoint(Scheme scheme, String host, int port) {

  /** How an endpoint is spoken to. */
  public enum Scheme {
    HTTP,
    HTTPS
  }

  /** Checks the port, 1 to 65535. */
  public Endpoint {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
  }

  /** Returns host:port, the spelling used as authority, metric label and log field. */
  public String authority() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
