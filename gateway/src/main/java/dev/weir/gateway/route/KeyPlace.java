package dev.weir.gateway.route;

import java.net.URI;

/** Where an issuer says which keys it signs with. */
public sealed interface KeyPlace {

  /** Returns the address that is asked first. */
  URI uri();

  /** The key set itself (RFC 7517). */
  record Jwks(URI uri) implements KeyPlace {}

  /**
   * The issuer's metadata (OpenID Connect Discovery 1.0, RFC 8414), which names the key set; what
   * it says is believed only if it says that it is this issuer's.
   */
  record Metadata(URI uri, String issuer) implements KeyPlace {}
}
