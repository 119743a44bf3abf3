package dev.weir.auth.factor;

import java.util.UUID;

/** A secret that an authenticator is to be fed with; told once, never again. */
public record Enrolment(UUID id, String secret) {

  /** Returns what authenticators read from a picture. */
  public String uri(String account) {
    var label = java.net.URLEncoder.encode(account, java.nio.charset.StandardCharsets.UTF_8);
    return "otpauth://totp/Weir:%s?secret=%s&issuer=Weir".formatted(label, secret);
  }

  @Override
  public String toString() {
    return "Enrolment[" + id + "]";
  }
}
