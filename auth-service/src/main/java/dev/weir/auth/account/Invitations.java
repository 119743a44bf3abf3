package dev.weir.auth.account;

import dev.weir.auth.mail.Mail;
import dev.weir.auth.throttle.Throttle;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Mails the codes by which people prove an address, within what one address may get a day. */
public final class Invitations {
  private final OneTimeCodes codes;
  private final Notices notices;
  private final Throttle throttle;

  public Invitations(OneTimeCodes codes, Notices notices, Throttle throttle) {
    this.codes = codes;
    this.notices = notices;
    this.throttle = throttle;
  }

  /** Asks somebody to confirm the address that their account was registered with. */
  public Mono<Void> confirm(UUID userId, String address) {
    return withinBudget(
        address,
        codes
            .issue(userId, CodePurpose.VERIFY_ADDRESS)
            .flatMap(code -> notices.send(confirmation(address, code))));
  }

  /** Asks somebody to confirm the address that they want for their account. */
  public Mono<Void> change(UUID userId, EmailAddress wanted) {
    return withinBudget(
        wanted.value(),
        codes
            .issue(userId, CodePurpose.CHANGE_ADDRESS, wanted.value())
            .flatMap(code -> notices.send(changing(wanted.value(), code))));
  }

  /** Mails the code that resets a password. */
  public Mono<Void> reset(UUID userId, String address) {
    return withinBudget(
        address,
        codes
            .issue(userId, CodePurpose.RESET_PASSWORD)
            .flatMap(code -> notices.send(resetting(address, code))));
  }

  /** Tells the holder of an address that somebody tried to register it. */
  public Mono<Void> alreadyRegistered(String address) {
    return withinBudget(
        address,
        notices.send(
            new Mail(
                address,
                "You already have an account",
                """
                Somebody, we hope you, tried to register this address with Weir. It has an account
                already. Log in with it. If it was not you, do nothing: nothing has changed.
                """)));
  }

  private Mono<Void> withinBudget(String address, Mono<Void> sending) {
    return throttle.mayMail(address).filter(allowed -> allowed).flatMap(_ -> sending);
  }

  private static Mail confirmation(String address, String code) {
    return new Mail(
        address,
        "Confirm your address",
        """
        Somebody, we hope you, registered this address with Weir.

        Your code, good for one hour: %s

        Enter it together with the password that you chose. If that is not taken, somebody else
        chose one before: say that you forgot it, and choose another. If it was not you, do
        nothing: without code and password nothing happens.
        """
            .formatted(code));
  }

  private static Mail changing(String address, String code) {
    return new Mail(
        address,
        "Confirm your new address",
        """
        Somebody, we hope you, wants this to be the address of their Weir account.

        Your code, good for one hour: %s

        Enter it where you are logged in. If it was not you, do nothing.
        """
            .formatted(code));
  }

  private static Mail resetting(String address, String code) {
    return new Mail(
        address,
        "Reset your password",
        """
        Somebody, we hope you, forgot the password of your Weir account.

        Your code, good for 15 minutes: %s

        Enter it together with a new password. If it was not you, do nothing.
        """
            .formatted(code));
  }
}
