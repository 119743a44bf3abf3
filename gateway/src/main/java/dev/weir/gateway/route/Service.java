package dev.weir.gateway.route;

/**
 * A name whose SRV records (RFC 2782) say where an upstream is.
 *
 * @param name such as {@code _http._tcp.orders.svc.cluster.local}
 */
public record Service(String name) {

  /** Returns how what it leads to is spoken to: the service's own name says so. */
  public Endpoint.Scheme scheme() {
    return name.startsWith("_https.") ? Endpoint.Scheme.HTTPS : Endpoint.Scheme.HTTP;
  }
}
