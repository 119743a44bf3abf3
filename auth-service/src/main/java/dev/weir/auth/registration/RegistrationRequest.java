package dev.weir.auth.registration;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.password.WeakPassword;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.FieldFault;
import dev.weir.auth.problem.Problem;
import java.util.List;

/** Reads the body of POST /register. */
final class RegistrationRequest {
  private static final int MAX_EMAIL = 320;
  private static final int MAX_PASSWORD = 1024;

  private final PasswordRules rules;

  RegistrationRequest(PasswordRules rules) {
    this.rules = rules;
  }

  Registration read(Fields fields) {
    var address = fields.text("email", MAX_EMAIL);
    var email = EmailAddress.parse(address);
    var password = fields.text("password", MAX_PASSWORD);
    if (!address.isEmpty() && email.isEmpty()) {
      fields.fault("email", "is not an e-mail address");
    }
    fields.end();
    var parsed = email.orElseThrow();
    rules.weakness(password, parsed.localPart()).ifPresent(RegistrationRequest::refuse);
    return new Registration(parsed, password);
  }

  private static void refuse(WeakPassword weakness) {
    var reason = "The password " + weakness.reason() + ".";
    throw Problem.of(AuthError.WEAK_PASSWORD, reason)
        .withFaults(List.of(new FieldFault("/password", weakness.reason())))
        .refuse();
  }
}
