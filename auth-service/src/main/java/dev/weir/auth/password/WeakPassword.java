package dev.weir.auth.password;

/** Why a password is refused; the reason is told to the person who chose it (NIST SP 800-63B). */
public enum WeakPassword {
  TOO_SHORT("needs at least 15 characters; a few unrelated words do well"),
  TOO_LONG("has more than 128 characters"),
  COMMON("is one of the passwords that attackers try first"),
  REPETITIVE("repeats or counts up one short pattern"),
  CONTEXT("contains the name of this service or of your address"),
  LEAKED("has come out in a theft elsewhere, and attackers have it");

  private final String reason;

  WeakPassword(String reason) {
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
