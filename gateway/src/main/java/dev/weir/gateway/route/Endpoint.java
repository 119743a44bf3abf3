package dev.weir.gateway.route;

import java.net.InetAddress;
import java.util.Optional;

/**
 * One address of an upstream.
 *
 * @param host as the route file or DNS names it: what goes into Host, and what its certificate must
 *     name
 * @param address where that is, once DNS has said so; a name may be at several addresses, each of
 *     which is an endpoint
 */
public record Endpoint(Scheme scheme, String host, int port, Optional<InetAddress> address) {

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

  /** Makes an endpoint as it is written. */
  public Endpoint(Scheme scheme, String host, int port) {
    this(scheme, host, port, Optional.empty());
  }

  /** Returns this endpoint at one of its addresses. */
  public Endpoint at(InetAddress found) {
    return new Endpoint(scheme, host, port, Optional.of(found));
  }

  /** Returns this endpoint as it is written. */
  public Endpoint named() {
    return address.isEmpty() ? this : new Endpoint(scheme, host, port);
  }

  /** Returns host:port, the spelling used as authority. */
  public String authority() {
    return withPort(host);
  }

  /** Returns address:port where the address is known, the spelling of metric labels and logs. */
  public String label() {
    return address.map(known -> withPort(known.getHostAddress())).orElseGet(this::authority);
  }

  private String withPort(String name) {
    return name.indexOf(':') >= 0 ? "[" + name + "]:" + port : name + ":" + port;
  }
}
