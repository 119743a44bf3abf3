package dev.weir.auth.account;

import java.util.List;
import java.util.UUID;

/** A person as the service knows them, without address and credentials. */
public record Account(
    UUID id,
    AccountStatus status,
    long epoch,
    long version,
    List<String> roles,
    List<String> scopes) {
  public Account {
    roles = List.copyOf(roles);
    scopes = List.copyOf(scopes);
  }

  public boolean isActive() {
    return status == AccountStatus.ACTIVE;
  }

  /**
   * Tells whether a mailed code may choose its password: a pending one too, or whoever registers an
   * address before its holder does would keep them out.
   */
  public boolean mayReset() {
    return isActive() || status == AccountStatus.PENDING;
  }

  /** Returns the entity tag of the account's own representation. */
  public String etag() {
    return "\"v" + version + "\"";
  }
}
