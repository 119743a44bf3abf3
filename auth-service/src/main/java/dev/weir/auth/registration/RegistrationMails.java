package dev.weir.auth.registration;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.mail.Mail;

/** The words of the mails that a registration sends. */
final class RegistrationMails {
  private RegistrationMails() {}

  static Mail confirm(EmailAddress email, String code) {
    return new Mail(
        email.value(),
        "Confirm your address",
        """
        Somebody, we hope you, registered this address with Weir.

        Your code, good for one hour: %s

        Enter it together with the password that you chose. If it was not you, do nothing:
        without code and password nothing happens.
        """
            .formatted(code));
  }

  static Mail alreadyRegistered(EmailAddress email) {
    return new Mail(
        email.value(),
        "You already have an account",
        """
        Somebody, we hope you, tried to register this address with Weir. It has an account already.
        Log in with it. If it was not you, do nothing: nothing has changed.
        """);
  }
}
