package dev.weir.auth.token;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The claims of one access token of ours (RFC 9068), verified or about to be signed. */
public record AccessToken(
    UUID subject,
    UUID session,
    long epoch,
    String clientId,
    List<String> scopes,
    List<String> roles,
    String acr,
    List<String> amr,
    Instant authenticatedAt) {
  public AccessToken {
    scopes = List.copyOf(scopes);
    roles = List.copyOf(roles);
    amr = List.copyOf(amr);
  }

  public boolean hasRole(String role) {
    return roles.contains(role);
  }
}
