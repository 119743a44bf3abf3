package dev.weir.auth.account;

import dev.weir.auth.exchange.Json;

/** What a person may say of themselves; "" where they say nothing. */
public record Profile(String displayName, String locale, String timeZone) {
  public static final Profile EMPTY = new Profile("", "", "");

  byte[] pack() {
    return Json.STRICT.writeValueAsBytes(this);
  }

  static Profile unpack(byte[] packed) {
    return Json.STRICT.readValue(packed, Profile.class);
  }

  /** Says nothing of the person, so that no log line does. */
  @Override
  public String toString() {
    return "Profile[hidden]";
  }
}
