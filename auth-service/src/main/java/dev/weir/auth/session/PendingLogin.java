package dev.weir.auth.session;

import dev.weir.auth.exchange.Json;

/**
 * What a login whose second factor is owed will be opened with.
 *
 * @param device the device cookie that its browser is to get, "" for none
 */
public record PendingLogin(Session.Client client, String device) {
  public String pack() {
    return Json.STRICT.writeValueAsString(this);
  }

  public static PendingLogin unpack(String packed) {
    return Json.STRICT.readValue(packed, PendingLogin.class);
  }

  @Override
  public String toString() {
    return "PendingLogin[hidden]";
  }
}
