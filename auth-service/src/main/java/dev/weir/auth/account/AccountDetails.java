package dev.weir.auth.account;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A person with everything that the service holds of them beside credentials and sessions. */
public record AccountDetails(
    Account account,
    String email,
    Optional<Instant> verifiedAt,
    Instant createdAt,
    Profile profile) {

  /** Returns the representation whose entity tag is the account's. */
  public Map<String, Object> view() {
    var view = new LinkedHashMap<String, Object>();
    view.put("id", account.id());
    view.put("email", email);
    view.put("email_verified", verifiedAt.isPresent());
    view.put("roles", account.roles());
    view.put("created_at", createdAt);
    view.put("display_name", profile.displayName());
    view.put("locale", profile.locale());
    view.put("time_zone", profile.timeZone());
    return view;
  }

  @Override
  public String toString() {
    return "AccountDetails[" + account.id() + "]";
  }
}
