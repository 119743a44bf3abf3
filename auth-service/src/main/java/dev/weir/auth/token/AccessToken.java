package dev.weir.auth.token;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The claims of one access token of ours (RFC 9068), verified or about to be signed.
 *
 * @param key the thumbprint of the key that it is bound to (RFC 9449 §6.1)
 */
public record AccessToken(
    UUID subject,
    UUID session,
    long epoch,
    String clientId,
    List<String> scopes,
    List<String> roles,
    String acr,
    List<String> amr,
    Instant authenticatedAt,
    Optional<String> key) {
  public AccessToken {
    scopes = List.copyOf(scopes);
    roles = List.copyOf(roles);
    amr = List.copyOf(amr);
  }

  public boolean hasRole(String role) {
    return roles.contains(role);
  }
}
