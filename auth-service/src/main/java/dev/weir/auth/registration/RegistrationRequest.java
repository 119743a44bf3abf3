package dev.weir.auth.registration;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.password.PasswordRules;

/** Reads the body of POST /register. */
final class RegistrationRequest {
  private static final int MAX_PASSWORD = 1024;

  private final PasswordRules rules;

  RegistrationRequest(PasswordRules rules) {
    this.rules = rules;
  }

  Registration read(Fields fields) {
    var email = EmailAddress.read(fields, "email");
    var password = fields.text("password", MAX_PASSWORD);
    fields.end();
    var parsed = email.orElseThrow();
    rules.require(password, parsed.localPart(), "password");
    return new Registration(parsed, password);
  }
}
