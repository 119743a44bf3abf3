package dev.weir.auth.login;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.session.ClientKind;
import java.util.Optional;

/**
 * The body of POST /login. An address that cannot exist is let through, and fails like any other
 * wrong one.
 */
record LoginRequest(
    String identity,
    Optional<EmailAddress> email,
    String password,
    ClientKind client,
    boolean remember,
    Optional<String> captcha) {
  private static final int MAX_CAPTCHA = 4096;

  static LoginRequest read(Fields fields) {
    var address = fields.text("email", 320);
    var password = fields.text("password", 1024);
    var client = ClientKind.read(fields);
    var remember = fields.optionalFlag("remember");
    var captcha = fields.optionalText("captcha", MAX_CAPTCHA);
    fields.end();
    var email = EmailAddress.parse(address);
    var identity = email.map(EmailAddress::value).orElse(address.strip());
    return new LoginRequest(identity, email, password, client, remember, captcha);
  }

  @Override
  public String toString() {
    return "LoginRequest[hidden]";
  }
}
