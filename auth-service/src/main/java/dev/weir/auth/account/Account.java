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

  /** Returns the entity tag of the account's own representation. */
  public String etag() {
    return "\"v" + version + "\"";
  }
}
