package dev.weir.auth.account;

/** What people are told after a change to their account. */
public enum Notice {
  PASSWORD_CHANGED(
      "Your password was changed",
      "The password of your Weir account was changed, and every other session was ended."),
  PASSWORD_RESET(
      "Your password was reset",
      "The password of your Weir account was reset by a mailed code, and every session was ended."),
  ADDRESS_CHANGED(
      "Your address was changed", "Your Weir account has another e-mail address from now on."),
  FACTOR_ADDED(
      "A second factor was added",
      "Logging in to your Weir account asks for a code of your authenticator from now on."),
  FACTOR_REMOVED(
      "A second factor was removed",
      "Logging in to your Weir account does not ask for a code of that authenticator any more."),
  PASSKEY_ADDED(
      "A passkey was added",
      "Your Weir account can be entered with one more passkey from now on, and with its password only"
          + " together with a second factor, such as that passkey."),
  PASSKEY_REMOVED(
      "A passkey was removed", "Your Weir account can no longer be entered with that passkey."),
  RECOVERY_CODE_USED(
      "A recovery code was used", "Somebody logged in to your Weir account by a recovery code."),
  CODES_GUESSED(
      "Somebody may know your password",
      "Somebody gave the password of your Weir account, and then too many wrong codes."),
  REFRESH_REUSED(
      "A session was ended",
      "A session of your Weir account was used from two places, so it was ended."),
  ACCOUNT_ERASED("Your account was erased", "Your Weir account and what it held were erased.");

  private static final String CLOSING =
      "\n\nIf that was not you, reset your password at once and end all sessions.\n";

  private final String subject;
  private final String text;

  Notice(String subject, String text) {
    this.subject = subject;
    this.text = text;
  }

  String subject() {
    return subject;
  }

  String text() {
    return this == ACCOUNT_ERASED ? text + "\n" : text + CLOSING;
  }
}
