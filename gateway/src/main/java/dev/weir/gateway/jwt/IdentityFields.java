package dev.weir.gateway.jwt;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Tells the upstream who calls. Each field is set or removed, never left: what stands in it is the
 * gateway's word, whatever stood there before.
 */
final class IdentityFields {
  private static final AsciiString SUBJECT = AsciiString.cached("X-Weir-Subject");
  private static final AsciiString SESSION = AsciiString.cached("X-Weir-Session");
  private static final AsciiString ROLES = AsciiString.cached("X-Weir-Roles");
  private static final AsciiString SCOPES = AsciiString.cached("X-Weir-Scopes");
  private static final AsciiString TENANT = AsciiString.cached("X-Weir-Tenant");

  private IdentityFields() {}

  static void write(HttpHeaders headers, AccessToken token) {
    put(headers, SUBJECT, token.caller().subject());
    put(headers, SESSION, token.caller().session());
    put(headers, ROLES, token.roles());
    put(headers, SCOPES, token.scopes());
    // Ingress has removed every X-Weir field of the client's, so the rare one need not be again.
    if (!token.tenant().isEmpty()) {
      headers.set(TENANT, token.tenant());
    }
  }

  private static void put(HttpHeaders headers, AsciiString name, String value) {
    if (value.isEmpty()) {
      headers.remove(name);
      return;
    }
    headers.set(name, value);
  }
}
